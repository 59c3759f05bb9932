// Autocast: convolutions and matrix products in a narrower type than their inputs have. Thread by thread, as libtorch keeps it.
#include "Shim.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

using namespace lacuna;

namespace {

namespace cast = at::autocast;

// One pair of functions for all devices since 2.4; before, a pair a device.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)

bool isEnabled(at::DeviceType device) { return cast::is_autocast_enabled(device); }
at::ScalarType type(at::DeviceType device) { return cast::get_autocast_dtype(device); }
void set(at::DeviceType device, bool enabled, at::ScalarType type) {
    cast::set_autocast_dtype(device, type);
    cast::set_autocast_enabled(device, enabled);
}

#else

bool onProcessor(at::DeviceType device) {
    TORCH_CHECK(device == at::DeviceType::CPU || device == at::DeviceType::CUDA, "autocast is for cpu and cuda, not for ", device);
    return device == at::DeviceType::CPU;
}
bool isEnabled(at::DeviceType device) { return onProcessor(device) ? cast::is_cpu_enabled() : cast::is_enabled(); }
at::ScalarType type(at::DeviceType device) { return onProcessor(device) ? cast::get_autocast_cpu_dtype() : cast::get_autocast_gpu_dtype(); }
void set(at::DeviceType device, bool enabled, at::ScalarType type) {
    if (onProcessor(device)) {
        cast::set_autocast_cpu_dtype(type);
        cast::set_cpu_enabled(enabled);
    } else {
        cast::set_autocast_gpu_dtype(type);
        cast::set_enabled(enabled);
    }
}

#endif

}  // namespace

// Begins a scope and says what was there before it.
LT lt_autocast_enter(int32_t deviceType, int32_t dtype, bool* enabledBefore, int32_t* dtypeBefore) noexcept {
    return guard([&] {
        const auto device = static_cast<at::DeviceType>(deviceType);
        *enabledBefore = isEnabled(device);
        *dtypeBefore = static_cast<int32_t>(type(device));
        set(device, true, static_cast<at::ScalarType>(dtype));
        cast::increment_nesting();
    });
}

// The outermost scope's end drops the converted weights, which the next one must not take for the weights as they are then.
LT lt_autocast_leave(int32_t deviceType, bool enabledBefore, int32_t dtypeBefore) noexcept {
    return guard([&] {
        if (cast::decrement_nesting() == 0) cast::clear_cache();
        set(static_cast<at::DeviceType>(deviceType), enabledBefore, static_cast<at::ScalarType>(dtypeBefore));
    });
}
