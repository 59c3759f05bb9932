// One tensor: what it is, where its data lies, and copies of it.
#include "Shim.h"

#include <cstring>

using namespace lacuna;

// The getters below read fields and run no kernel, so the managed side may call them without leaving its GC mode.
LT lt_dim(Handle t, int32_t* out) noexcept { return guard([&] { *out = static_cast<int32_t>(of(t).dim()); }); }
LT lt_numel(Handle t, int64_t* out) noexcept { return guard([&] { *out = of(t).numel(); }); }
LT lt_nbytes(Handle t, int64_t* out) noexcept { return guard([&] { *out = static_cast<int64_t>(of(t).nbytes()); }); }
LT lt_dtype(Handle t, int32_t* out) noexcept { return guard([&] { *out = static_cast<int32_t>(of(t).scalar_type()); }); }
LT lt_element_size(Handle t, int64_t* out) noexcept { return guard([&] { *out = static_cast<int64_t>(of(t).element_size()); }); }
LT lt_storage_offset(Handle t, int64_t* out) noexcept { return guard([&] { *out = of(t).storage_offset(); }); }
LT lt_is_contiguous(Handle t, bool* out) noexcept { return guard([&] { *out = of(t).is_contiguous(); }); }
LT lt_is_leaf(Handle t, bool* out) noexcept { return guard([&] { *out = of(t).is_leaf(); }); }
LT lt_requires_grad(Handle t, bool* out) noexcept { return guard([&] { *out = of(t).requires_grad(); }); }
LT lt_data(Handle t, void** out) noexcept { return guard([&] { *out = of(t).data_ptr(); }); }
LT lt_device(Handle t, int32_t* type, int32_t* index) noexcept {
    return guard([&] {
        const at::Device device = of(t).device();
        *type = static_cast<int32_t>(device.type());
        *index = device.index();
    });
}

// Writes min(rank, capacity) values; the caller asks again when its buffer was too short.
LT lt_sizes(Handle t, int64_t* values, int32_t capacity, int32_t* rank) noexcept {
    return guard([&] {
        const auto sizes = of(t).sizes();
        *rank = static_cast<int32_t>(sizes.size());
        for (int32_t i = 0; i < *rank && i < capacity; ++i) values[i] = sizes[static_cast<size_t>(i)];
    });
}
LT lt_strides(Handle t, int64_t* values, int32_t capacity, int32_t* rank) noexcept {
    return guard([&] {
        const auto strides = of(t).strides();
        *rank = static_cast<int32_t>(strides.size());
        for (int32_t i = 0; i < *rank && i < capacity; ++i) values[i] = strides[static_cast<size_t>(i)];
    });
}

LT lt_to(Handle t, Options where, bool nonBlocking, bool copy, Handle* out) noexcept {
    return guard([&] {
        at::TensorOptions options = of(t).options().requires_grad(c10::nullopt);
        if (where.dtype >= 0) options = options.dtype(static_cast<at::ScalarType>(where.dtype));
        if (where.deviceType >= 0) options = options.device(where.options().device());
        give(out, of(t).to(options, nonBlocking, copy));
    });
}
LT lt_clone(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).clone()); }); }
LT lt_alias(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).alias()); }); }
LT lt_pin_memory(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).pin_memory()); }); }
LT lt_contiguous(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).contiguous()); }); }
LT lt_channels_last(Handle t, Handle* out) noexcept {
    return guard([&] { give(out, of(t).contiguous(at::MemoryFormat::ChannelsLast)); });
}
LT lt_copy_(Handle t, Handle source, bool nonBlocking) noexcept {
    return guard([&] { of(t).copy_(of(source), nonBlocking); });
}

// The one element of t, as a number.
LT lt_item(Handle t, Number* out) noexcept {
    return guard([&] {
        const at::Scalar value = of(t).item();
        *out = Number{0, 0.0, Number::real, 0};
        if (value.isBoolean()) *out = Number{value.to<bool>() ? 1 : 0, 0.0, Number::boolean, 0};
        else if (value.isIntegral(false)) *out = Number{value.to<int64_t>(), 0.0, Number::integer, 0};
        else out->realValue = value.to<double>();
    });
}

// Copies the elements, row-major, to host memory; bytes must be exactly t's.
LT lt_read(Handle t, void* destination, int64_t bytes) noexcept {
    return guard([&] {
        const at::Tensor host = of(t).detach().to(at::kCPU).contiguous();
        if (static_cast<int64_t>(host.nbytes()) != bytes) throw std::length_error("the destination is not as long as the tensor");
        if (bytes > 0) std::memcpy(destination, host.data_ptr(), static_cast<size_t>(bytes));
    });
}

// A new tensor holding a copy of `count` host elements; conversion and move to the device happen on the way.
LT lt_from_memory(const void* data, int32_t dtype, const int64_t* sizes, int32_t rank, Options options, Handle* out) noexcept {
    return guard([&] {
        const auto source = torch::from_blob(const_cast<void*>(data), ints(sizes, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        at::TensorOptions target = options.options().requires_grad(c10::nullopt);
        if (options.dtype < 0) target = target.dtype(source.scalar_type());
        if (options.deviceType < 0) target = target.device(at::kCPU);
        at::Tensor made = source.to(target, /*non_blocking=*/false, /*copy=*/true);
        give(out, made.set_requires_grad(options.requiresGrad != 0));
    });
}
