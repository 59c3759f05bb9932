// The layers' arithmetic, as ATen operators: their signatures outlive those of torch::nn::functional.
#include "Shim.h"

using namespace lacuna;

LT lt_conv2d(Handle x, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding, const int64_t* dilation, int64_t groups,
             Handle* out) noexcept {
    return guard([&] { give(out, at::conv2d(of(x), of(weight), maybe(bias), ints(stride, 2), ints(padding, 2), ints(dilation, 2), groups)); });
}
LT lt_conv_transpose2d(Handle x, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding, const int64_t* outputPadding, const int64_t* dilation,
                       int64_t groups, Handle* out) noexcept {
    return guard([&] {
        give(out, at::conv_transpose2d(of(x), of(weight), maybe(bias), ints(stride, 2), ints(padding, 2), ints(outputPadding, 2), groups, ints(dilation, 2)));
    });
}
LT lt_linear(Handle x, Handle weight, Handle bias, Handle* out) noexcept {
    return guard([&] { give(out, at::linear(of(x), of(weight), maybe(bias))); });
}
LT lt_batch_norm(Handle x, Handle weight, Handle bias, Handle mean, Handle var, bool training, double momentum, double eps, Handle* out) noexcept {
    return guard([&] {
        give(out, at::batch_norm(of(x), maybe(weight), maybe(bias), maybe(mean), maybe(var), training, momentum, eps, /*cudnn_enabled=*/true));
    });
}
LT lt_layer_norm(Handle x, const int64_t* shape, int32_t rank, Handle weight, Handle bias, double eps, Handle* out) noexcept {
    return guard([&] { give(out, at::layer_norm(of(x), ints(shape, rank), maybe(weight), maybe(bias), eps)); });
}
LT lt_group_norm(Handle x, int64_t groups, Handle weight, Handle bias, double eps, Handle* out) noexcept {
    return guard([&] { give(out, at::group_norm(of(x), groups, maybe(weight), maybe(bias), eps)); });
}

LT lt_max_pool2d(Handle x, const int64_t* kernel, const int64_t* stride, const int64_t* padding, const int64_t* dilation, bool ceil,
                 Handle* out) noexcept {
    return guard([&] { give(out, at::max_pool2d(of(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2), ints(dilation, 2), ceil)); });
}
// divisor 0: the size of the window.
LT lt_avg_pool2d(Handle x, const int64_t* kernel, const int64_t* stride, const int64_t* padding, bool ceil, bool countPad, int64_t divisor,
                 Handle* out) noexcept {
    return guard([&] {
        const auto by = divisor == 0 ? c10::optional<int64_t>() : c10::optional<int64_t>(divisor);
        give(out, at::avg_pool2d(of(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2), ceil, countPad, by));
    });
}
LT lt_adaptive_avg_pool2d(Handle x, const int64_t* size, Handle* out) noexcept {
    return guard([&] { give(out, at::adaptive_avg_pool2d(of(x), ints(size, 2))); });
}
// mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
LT lt_pad(Handle x, const int64_t* pad, int32_t count, int32_t mode, double value, Handle* out) noexcept {
    return guard([&] {
        static const char* const names[] = {"constant", "reflect", "replicate", "circular"};
        TORCH_CHECK(mode >= 0 && mode < 4, "unknown padding mode ", mode);
        give(out, at::pad(of(x), ints(pad, count), names[mode], mode == 0 ? c10::optional<double>(value) : c10::optional<double>()));
    });
}

LT lt_gelu(Handle x, Handle* out) noexcept { return guard([&] { give(out, at::gelu(of(x))); }); }
LT lt_gelu_(Handle x) noexcept { return guard([&] { at::gelu_(of(x)); }); }
LT lt_silu(Handle x, Handle* out) noexcept { return guard([&] { give(out, at::silu(of(x))); }); }
LT lt_silu_(Handle x) noexcept { return guard([&] { at::silu_(of(x)); }); }
LT lt_leaky_relu(Handle x, double slope, Handle* out) noexcept { return guard([&] { give(out, at::leaky_relu(of(x), slope)); }); }
LT lt_leaky_relu_(Handle x, double slope) noexcept { return guard([&] { at::leaky_relu_(of(x), slope); }); }
LT lt_hardtanh(Handle x, double low, double high, Handle* out) noexcept { return guard([&] { give(out, at::hardtanh(of(x), low, high)); }); }
LT lt_hardtanh_(Handle x, double low, double high) noexcept { return guard([&] { at::hardtanh_(of(x), low, high); }); }
LT lt_softplus(Handle x, double beta, double threshold, Handle* out) noexcept {
    return guard([&] { give(out, at::softplus(of(x), beta, threshold)); });
}
LT lt_dropout(Handle x, double p, bool training, Handle* out) noexcept { return guard([&] { give(out, at::dropout(of(x), p, training)); }); }
LT lt_dropout_(Handle x, double p, bool training) noexcept { return guard([&] { at::dropout_(of(x), p, training); }); }
LT lt_one_hot(Handle x, int64_t classes, Handle* out) noexcept { return guard([&] { give(out, at::one_hot(of(x), classes)); }); }

// reduction: 0 none, 1 mean, 2 sum, as in libtorch and in torch.nn.Reduction.
LT lt_cross_entropy(Handle x, Handle target, Handle weight, int64_t reduction, int64_t ignore, double smoothing, Handle* out) noexcept {
    return guard([&] { give(out, at::cross_entropy_loss(of(x), of(target), maybe(weight), reduction, ignore, smoothing)); });
}
LT lt_nll_loss(Handle x, Handle target, Handle weight, int64_t reduction, Handle* out) noexcept {
    return guard([&] { give(out, at::nll_loss_nd(of(x), of(target), maybe(weight), reduction)); });
}
LT lt_mse_loss(Handle x, Handle target, int64_t reduction, Handle* out) noexcept {
    return guard([&] { give(out, at::mse_loss(of(x), of(target), reduction)); });
}
LT lt_l1_loss(Handle x, Handle target, int64_t reduction, Handle* out) noexcept {
    return guard([&] { give(out, at::l1_loss(of(x), of(target), reduction)); });
}
LT lt_smooth_l1_loss(Handle x, Handle target, int64_t reduction, double beta, Handle* out) noexcept {
    return guard([&] { give(out, at::smooth_l1_loss(of(x), of(target), reduction, beta)); });
}
LT lt_bce_with_logits(Handle x, Handle target, Handle weight, Handle positive, int64_t reduction, Handle* out) noexcept {
    return guard([&] { give(out, at::binary_cross_entropy_with_logits(of(x), of(target), maybe(weight), maybe(positive), reduction)); });
}
LT lt_kl_div(Handle x, Handle target, int64_t reduction, bool logTarget, Handle* out) noexcept {
    return guard([&] { give(out, at::kl_div(of(x), of(target), reduction, logTarget)); });
}
