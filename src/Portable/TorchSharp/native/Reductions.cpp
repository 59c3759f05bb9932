// Many elements into fewer, and orderings.
#include "Shim.h"

using namespace lacuna;

namespace {
void givePair(std::tuple<at::Tensor, at::Tensor> pair, Handle* first, Handle* second) {
    give(first, std::move(std::get<0>(pair)));
    give(second, std::move(std::get<1>(pair)));
}
}  // namespace

// Without dims: over everything.
LT lt_sum(Handle t, const int64_t* dims, int32_t count, bool keep, int32_t dtype, Handle* out) noexcept {
    return guard([&] { give(out, count == 0 ? of(t).sum(typeOrNone(dtype)) : of(t).sum(ints(dims, count), keep, typeOrNone(dtype))); });
}
LT lt_mean(Handle t, const int64_t* dims, int32_t count, bool keep, int32_t dtype, Handle* out) noexcept {
    return guard([&] { give(out, count == 0 ? of(t).mean(typeOrNone(dtype)) : of(t).mean(ints(dims, count), keep, typeOrNone(dtype))); });
}
LT lt_var(Handle t, const int64_t* dims, int32_t count, bool unbiased, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, count == 0 ? of(t).var(unbiased) : of(t).var(ints(dims, count), unbiased, keep)); });
}
LT lt_std(Handle t, const int64_t* dims, int32_t count, bool unbiased, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, count == 0 ? of(t).std(unbiased) : of(t).std(ints(dims, count), unbiased, keep)); });
}
LT lt_amax(Handle t, const int64_t* dims, int32_t count, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, of(t).amax(ints(dims, count), keep)); });
}
LT lt_amin(Handle t, const int64_t* dims, int32_t count, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, of(t).amin(ints(dims, count), keep)); });
}
LT lt_norm(Handle t, double p, Handle* out) noexcept { return guard([&] { give(out, of(t).norm(p)); }); }
LT lt_norm_dim(Handle t, double p, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, of(t).norm(c10::optional<at::Scalar>(p), {dim}, keep)); });
}
LT lt_logsumexp(Handle t, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, of(t).logsumexp({dim}, keep)); });
}
LT lt_cumsum(Handle t, int64_t dim, int32_t dtype, Handle* out) noexcept {
    return guard([&] { give(out, of(t).cumsum(dim, typeOrNone(dtype))); });
}

LT lt_max(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).max()); }); }
LT lt_min(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).min()); }); }
LT lt_max_dim(Handle t, int64_t dim, bool keep, Handle* values, Handle* indices) noexcept {
    return guard([&] { givePair(of(t).max(dim, keep), values, indices); });
}
LT lt_min_dim(Handle t, int64_t dim, bool keep, Handle* values, Handle* indices) noexcept {
    return guard([&] { givePair(of(t).min(dim, keep), values, indices); });
}
LT lt_argmax(Handle t, bool overAll, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, overAll ? of(t).argmax() : of(t).argmax(dim, keep)); });
}
LT lt_argmin(Handle t, bool overAll, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, overAll ? of(t).argmin() : of(t).argmin(dim, keep)); });
}
LT lt_any(Handle t, bool overAll, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, overAll ? of(t).any() : of(t).any(dim, keep)); });
}
LT lt_all(Handle t, bool overAll, int64_t dim, bool keep, Handle* out) noexcept {
    return guard([&] { give(out, overAll ? of(t).all() : of(t).all(dim, keep)); });
}
LT lt_topk(Handle t, int64_t k, int64_t dim, bool largest, bool sorted, Handle* values, Handle* indices) noexcept {
    return guard([&] { givePair(of(t).topk(k, dim, largest, sorted), values, indices); });
}
LT lt_kthvalue(Handle t, int64_t k, int64_t dim, bool keep, Handle* values, Handle* indices) noexcept {
    return guard([&] { givePair(of(t).kthvalue(k, dim, keep), values, indices); });
}
LT lt_sort(Handle t, int64_t dim, bool descending, bool stable, Handle* values, Handle* indices) noexcept {
    return guard([&] { givePair(of(t).sort(c10::optional<bool>(stable), dim, descending), values, indices); });
}
LT lt_argsort(Handle t, int64_t dim, bool descending, Handle* out) noexcept {
    return guard([&] { give(out, of(t).argsort(dim, descending)); });
}
LT lt_softmax(Handle t, int64_t dim, int32_t dtype, Handle* out) noexcept {
    return guard([&] { give(out, of(t).softmax(dim, typeOrNone(dtype))); });
}
LT lt_log_softmax(Handle t, int64_t dim, int32_t dtype, Handle* out) noexcept {
    return guard([&] { give(out, of(t).log_softmax(dim, typeOrNone(dtype))); });
}
