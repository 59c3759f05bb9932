// What every file of the shim shares: how a tensor, a number and an error cross the C boundary.
//
// A tensor is an at::Tensor* made with new; the managed side owns it and gives it back to lt_release.
// Every export is noexcept and returns 0, or 1 after leaving a message for lt_error: a C++ exception must
// never meet a managed frame, where it would end the process. Results leave through out pointers.
//
// Only calls with the same C++ spelling from libtorch 1.13 to 2.14 are used; c10::optional is spelled so
// because it is std::optional in 2.x and a type of its own in 1.13.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#define LT extern "C" __attribute__((visibility("default"))) int32_t

namespace lacuna {

using Handle = at::Tensor*;

// Mirrors TorchSharp.Scalar, field for field.
struct Number {
    enum Kind : int32_t { absent = 0, integer = 1, real = 2, boolean = 3 };
    int64_t integerValue;
    double realValue;
    int32_t kind;
    int32_t padding;

    at::Scalar scalar() const {
        switch (kind) {
            case integer: return at::Scalar(integerValue);
            case real: return at::Scalar(realValue);
            case boolean: return at::Scalar(integerValue != 0);
            default: throw std::invalid_argument("a number is missing");
        }
    }

    c10::optional<at::Scalar> optional() const {
        return kind == absent ? c10::optional<at::Scalar>() : c10::optional<at::Scalar>(scalar());
    }
};

// Where and as what a tensor is made; type -1 and device -1 mean "not given". Mirrors Native.Options.
struct Options {
    int32_t dtype;
    int32_t deviceType;
    int32_t deviceIndex;
    int32_t requiresGrad;

    at::TensorOptions options() const {
        at::TensorOptions made;
        if (dtype >= 0) made = made.dtype(static_cast<at::ScalarType>(dtype));
        if (deviceType >= 0)
            made = made.device(at::Device(static_cast<at::DeviceType>(deviceType), static_cast<at::DeviceIndex>(deviceIndex)));
        return made.requires_grad(requiresGrad != 0);
    }
};

void remember(const char* message) noexcept;
void counted(int64_t change) noexcept;

template <class Body>
int32_t guard(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        remember(error.what_without_backtrace());
    } catch (const std::exception& error) {
        remember(error.what());
    } catch (...) {
        remember("libtorch threw something that is no std::exception");
    }
    return 1;
}

inline at::Tensor& of(Handle handle) {
    if (handle == nullptr) throw std::invalid_argument("a tensor argument is null");
    return *handle;
}

inline c10::optional<at::Tensor> maybe(Handle handle) {
    return handle == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(*handle);
}

inline at::IntArrayRef ints(const int64_t* values, int32_t count) { return at::IntArrayRef(values, static_cast<size_t>(count)); }

inline c10::optional<at::ScalarType> typeOrNone(int32_t dtype) {
    return dtype < 0 ? c10::optional<at::ScalarType>() : c10::optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline std::vector<at::Tensor> listOf(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) tensors.push_back(of(handles[i]));
    return tensors;
}

// An undefined tensor (no gradient yet, an unused input) goes out as null.
inline void give(Handle* out, at::Tensor tensor) {
    *out = nullptr;
    if (!tensor.defined()) return;
    *out = new at::Tensor(std::move(tensor));
    counted(1);
}

// The caller's buffer has room for `capacity` handles, an upper bound it worked out from the shapes.
inline void giveAll(std::vector<at::Tensor> tensors, Handle* out, int32_t capacity, int32_t* count) {
    if (tensors.size() > static_cast<size_t>(capacity)) throw std::length_error("more results than the caller made room for");
    for (size_t i = 0; i < tensors.size(); ++i) give(out + i, std::move(tensors[i]));
    *count = static_cast<int32_t>(tensors.size());
}

}  // namespace lacuna
