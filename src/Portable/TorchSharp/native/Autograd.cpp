// Gradients and the modes that switch them off.
#include "Shim.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace lacuna;

namespace {

std::vector<at::Tensor> gradientsOf(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    for (int32_t i = 0; i < count; ++i) tensors.push_back(handles[i] == nullptr ? at::Tensor() : *handles[i]);
    return tensors;
}

// Not keeping the graph while creating its derivative would free what the second derivative needs;
// "not said" lets libtorch keep it exactly when create_graph is on.
c10::optional<bool> keepGraph(bool retain, bool create) {
    return retain || !create ? c10::optional<bool>(retain) : c10::optional<bool>();
}

}  // namespace

LT lt_requires_grad_(Handle t, bool value) noexcept { return guard([&] { of(t).requires_grad_(value); }); }
LT lt_detach(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).detach()); }); }
LT lt_detach_(Handle t) noexcept { return guard([&] { of(t).detach_(); }); }
LT lt_retain_grad(Handle t) noexcept { return guard([&] { of(t).retain_grad(); }); }
LT lt_grad(Handle t, Handle* out) noexcept { return guard([&] { give(out, of(t).grad()); }); }

// mutable_grad() checks nothing, so the checks Python makes are made here: a wrong gradient would fail much later.
LT lt_set_grad(Handle t, Handle grad) noexcept {
    return guard([&] {
        if (grad != nullptr) {
            TORCH_CHECK(of(grad).sizes() == of(t).sizes(), "a gradient of shape ", of(grad).sizes(), " for a tensor of shape ", of(t).sizes());
            TORCH_CHECK(of(grad).scalar_type() == of(t).scalar_type(), "a gradient of type ", of(grad).scalar_type(), " for a tensor of type ", of(t).scalar_type());
            TORCH_CHECK(of(grad).device() == of(t).device(), "a gradient on ", of(grad).device(), " for a tensor on ", of(t).device());
        }
        of(t).mutable_grad() = grad == nullptr ? at::Tensor() : *grad;
    });
}

LT lt_backward(const Handle* tensors, int32_t count, const Handle* gradients, int32_t gradientCount, bool retain, bool create,
               const Handle* inputs, int32_t inputCount) noexcept {
    return guard([&] {
        torch::autograd::backward(listOf(tensors, count), gradientsOf(gradients, gradientCount), keepGraph(retain, create), create,
                                  listOf(inputs, inputCount));
    });
}

// One result an input; null for an input the outputs do not depend on, when that is allowed.
LT lt_autograd_grad(const Handle* outputs, int32_t outputCount, const Handle* inputs, int32_t inputCount, const Handle* gradients,
                    int32_t gradientCount, bool retain, bool create, bool allowUnused, Handle* out) noexcept {
    return guard([&] {
        auto results = torch::autograd::grad(listOf(outputs, outputCount), listOf(inputs, inputCount), gradientsOf(gradients, gradientCount),
                                             keepGraph(retain, create), create, allowUnused);
        int32_t given = 0;
        giveAll(std::move(results), out, inputCount, &given);
    });
}

LT lt_grad_mode(bool* out) noexcept { return guard([&] { *out = at::GradMode::is_enabled(); }); }
LT lt_set_grad_mode(bool enabled) noexcept { return guard([&] { at::GradMode::set_enabled(enabled); }); }
LT lt_inference_mode(bool* out) noexcept { return guard([&] { *out = c10::InferenceMode::is_enabled(); }); }
LT lt_inference_enter(bool enabled, void** out) noexcept { return guard([&] { *out = new c10::InferenceMode(enabled); }); }
LT lt_inference_leave(void* mode) noexcept { return guard([&] { delete static_cast<c10::InferenceMode*>(mode); }); }
