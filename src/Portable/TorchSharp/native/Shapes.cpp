// Views, joins, splits and indexing.
#include "Shim.h"

#include <ATen/TensorIndexing.h>

#include <limits>

using namespace lacuna;

LT lt_view(Handle t, const int64_t* sizes, int32_t rank, Handle* out) noexcept {
    return guard([&] { give(out, of(t).view(ints(sizes, rank))); });
}
LT lt_reshape(Handle t, const int64_t* sizes, int32_t rank, Handle* out) noexcept {
    return guard([&] { give(out, of(t).reshape(ints(sizes, rank))); });
}
LT lt_permute(Handle t, const int64_t* dims, int32_t rank, Handle* out) noexcept {
    return guard([&] { give(out, of(t).permute(ints(dims, rank))); });
}
LT lt_expand(Handle t, const int64_t* sizes, int32_t rank, Handle* out) noexcept {
    return guard([&] { give(out, of(t).expand(ints(sizes, rank))); });
}
LT lt_repeat(Handle t, const int64_t* sizes, int32_t rank, Handle* out) noexcept {
    return guard([&] { give(out, of(t).repeat(ints(sizes, rank))); });
}
LT lt_flip(Handle t, const int64_t* dims, int32_t count, Handle* out) noexcept {
    return guard([&] { give(out, of(t).flip(ints(dims, count))); });
}
LT lt_roll(Handle t, const int64_t* shifts, int32_t shiftCount, const int64_t* dims, int32_t dimCount, Handle* out) noexcept {
    return guard([&] { give(out, of(t).roll(ints(shifts, shiftCount), ints(dims, dimCount))); });
}
LT lt_flatten(Handle t, int64_t start, int64_t end, Handle* out) noexcept {
    return guard([&] { give(out, of(t).flatten(start, end)); });
}
LT lt_transpose(Handle t, int64_t a, int64_t b, Handle* out) noexcept {
    return guard([&] { give(out, of(t).transpose(a, b)); });
}
LT lt_t(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).t()); }); }
LT lt_squeeze(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).squeeze()); }); }
LT lt_squeeze_dim(Handle t, int64_t dim, Handle* out) noexcept { return guard([&] { give(out, of(t).squeeze(dim)); }); }
LT lt_unsqueeze(Handle t, int64_t dim, Handle* out) noexcept { return guard([&] { give(out, of(t).unsqueeze(dim)); }); }
LT lt_narrow(Handle t, int64_t dim, int64_t start, int64_t length, Handle* out) noexcept {
    return guard([&] { give(out, of(t).narrow(dim, start, length)); });
}
LT lt_slice(Handle t, int64_t dim, int64_t start, int64_t finish, int64_t step, Handle* out) noexcept {
    return guard([&] { give(out, of(t).slice(dim, start, finish, step)); });
}
LT lt_select(Handle t, int64_t dim, int64_t index, Handle* out) noexcept {
    return guard([&] { give(out, of(t).select(dim, index)); });
}
LT lt_tril(Handle t, int64_t diagonal, Handle* out) noexcept { return guard([&] { give(out, of(t).tril(diagonal)); }); }
LT lt_triu(Handle t, int64_t diagonal, Handle* out) noexcept { return guard([&] { give(out, of(t).triu(diagonal)); }); }
LT lt_diag(Handle t, int64_t diagonal, Handle* out) noexcept { return guard([&] { give(out, of(t).diag(diagonal)); }); }

LT lt_cat(const Handle* tensors, int32_t count, int64_t dim, Handle* out) noexcept {
    return guard([&] { give(out, at::cat(listOf(tensors, count), dim)); });
}
LT lt_stack(const Handle* tensors, int32_t count, int64_t dim, Handle* out) noexcept {
    return guard([&] { give(out, at::stack(listOf(tensors, count), dim)); });
}
LT lt_chunk(Handle t, int64_t chunks, int64_t dim, Handle* out, int32_t capacity, int32_t* count) noexcept {
    return guard([&] { giveAll(of(t).chunk(chunks, dim), out, capacity, count); });
}
LT lt_split(Handle t, int64_t size, int64_t dim, Handle* out, int32_t capacity, int32_t* count) noexcept {
    return guard([&] { giveAll(of(t).split(size, dim), out, capacity, count); });
}
LT lt_split_sizes(Handle t, const int64_t* sizes, int32_t sizeCount, int64_t dim, Handle* out, int32_t capacity, int32_t* count) noexcept {
    return guard([&] { giveAll(of(t).split_with_sizes(ints(sizes, sizeCount), dim), out, capacity, count); });
}
LT lt_unbind(Handle t, int64_t dim, Handle* out, int32_t capacity, int32_t* count) noexcept {
    return guard([&] { giveAll(of(t).unbind(dim), out, capacity, count); });
}
LT lt_where_indices(Handle condition, Handle* out, int32_t capacity, int32_t* count) noexcept {
    return guard([&] { giveAll(at::where(of(condition)), out, capacity, count); });
}

LT lt_nonzero(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).nonzero()); }); }
LT lt_take(Handle t, Handle index, Handle* out) noexcept { return guard([&] { give(out, of(t).take(of(index))); }); }
LT lt_gather(Handle t, int64_t dim, Handle index, Handle* out) noexcept {
    return guard([&] { give(out, of(t).gather(dim, of(index))); });
}
LT lt_index_select(Handle t, int64_t dim, Handle index, Handle* out) noexcept {
    return guard([&] { give(out, of(t).index_select(dim, of(index))); });
}
LT lt_index_copy_(Handle t, int64_t dim, Handle index, Handle source) noexcept {
    return guard([&] { of(t).index_copy_(dim, of(index), of(source)); });
}
LT lt_index_add_(Handle t, int64_t dim, Handle index, Handle source, Number alpha) noexcept {
    return guard([&] { of(t).index_add_(dim, of(index), of(source), alpha.scalar()); });
}
LT lt_index_fill_(Handle t, int64_t dim, Handle index, Number value) noexcept {
    return guard([&] { of(t).index_fill_(dim, of(index), value.scalar()); });
}
LT lt_scatter(Handle t, int64_t dim, Handle index, Handle source, Handle* out) noexcept {
    return guard([&] { give(out, of(t).scatter(dim, of(index), of(source))); });
}
LT lt_scatter_(Handle t, int64_t dim, Handle index, Handle source) noexcept {
    return guard([&] { of(t).scatter_(dim, of(index), of(source)); });
}
LT lt_scatter_add_(Handle t, int64_t dim, Handle index, Handle source) noexcept {
    return guard([&] { of(t).scatter_add_(dim, of(index), of(source)); });
}
LT lt_masked_fill(Handle t, Handle mask, Number value, Handle* out) noexcept {
    return guard([&] { give(out, of(t).masked_fill(of(mask), value.scalar())); });
}
LT lt_masked_fill_(Handle t, Handle mask, Number value) noexcept {
    return guard([&] { of(t).masked_fill_(of(mask), value.scalar()); });
}
LT lt_masked_select(Handle t, Handle mask, Handle* out) noexcept {
    return guard([&] { give(out, of(t).masked_select(of(mask))); });
}

namespace {

// Mirrors Native.Index. A bound of a slice that is INT64_MIN was not given.
struct Index {
    enum Kind : int64_t { none = 0, ellipsis = 1, single = 2, slice = 3, boolean = 4, tensor = 5 };
    int64_t kind;
    int64_t start;
    int64_t stop;
    int64_t step;
    Handle by;
};

at::indexing::TensorIndex indexOf(const Index& index) {
    using namespace at::indexing;
    const auto bound = [](int64_t value) {
        return value == std::numeric_limits<int64_t>::min() ? c10::optional<int64_t>() : c10::optional<int64_t>(value);
    };
    switch (index.kind) {
        case Index::none: return TensorIndex(at::indexing::None);
        case Index::ellipsis: return TensorIndex(at::indexing::Ellipsis);
        case Index::single: return TensorIndex(index.start);
        case Index::slice: return TensorIndex(Slice(bound(index.start), bound(index.stop), bound(index.step)));
        case Index::boolean: return TensorIndex(index.start != 0);
        case Index::tensor: return TensorIndex(of(index.by));
        default: throw std::invalid_argument("an index of unknown kind");
    }
}

std::vector<at::indexing::TensorIndex> indicesOf(const Index* indices, int32_t count) {
    std::vector<at::indexing::TensorIndex> made;
    made.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) made.push_back(indexOf(indices[i]));
    return made;
}

}  // namespace

LT lt_index(Handle t, const Index* indices, int32_t count, Handle* out) noexcept {
    return guard([&] { give(out, of(t).index(indicesOf(indices, count))); });
}
LT lt_index_put_(Handle t, const Index* indices, int32_t count, Handle value) noexcept {
    return guard([&] { of(t).index_put_(indicesOf(indices, count), of(value)); });
}
LT lt_index_put_scalar_(Handle t, const Index* indices, int32_t count, Number value) noexcept {
    return guard([&] { of(t).index_put_(indicesOf(indices, count), value.scalar()); });
}
