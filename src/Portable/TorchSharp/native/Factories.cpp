// New tensors. torch:: rather than at:: because those know requires_grad.
#include "Shim.h"

using namespace lacuna;

namespace {
c10::optional<at::Generator> generatorOf(void* generator) {
    return generator == nullptr ? c10::optional<at::Generator>() : c10::optional<at::Generator>(*static_cast<at::Generator*>(generator));
}
}  // namespace

LT lt_empty(const int64_t* sizes, int32_t rank, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::empty(ints(sizes, rank), options.options())); });
}
LT lt_zeros(const int64_t* sizes, int32_t rank, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::zeros(ints(sizes, rank), options.options())); });
}
LT lt_ones(const int64_t* sizes, int32_t rank, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::ones(ints(sizes, rank), options.options())); });
}
LT lt_full(const int64_t* sizes, int32_t rank, Number value, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::full(ints(sizes, rank), value.scalar(), options.options())); });
}
LT lt_rand(const int64_t* sizes, int32_t rank, void* generator, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::rand(ints(sizes, rank), generatorOf(generator), options.options())); });
}
LT lt_randn(const int64_t* sizes, int32_t rank, void* generator, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::randn(ints(sizes, rank), generatorOf(generator), options.options())); });
}
LT lt_randint(int64_t low, int64_t high, const int64_t* sizes, int32_t rank, void* generator, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::randint(low, high, ints(sizes, rank), generatorOf(generator), options.options())); });
}
LT lt_randperm(int64_t n, void* generator, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::randperm(n, generatorOf(generator), options.options())); });
}
LT lt_arange(Number start, Number stop, Number step, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::arange(start.scalar(), stop.scalar(), step.scalar(), options.options())); });
}
LT lt_linspace(double start, double end, int64_t steps, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::linspace(start, end, steps, options.options())); });
}
LT lt_eye(int64_t rows, int64_t columns, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::eye(rows, columns, options.options())); });
}
LT lt_empty_like(Handle t, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::empty_like(of(t), options.options())); });
}
LT lt_full_like(Handle t, Number value, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::full_like(of(t), value.scalar(), options.options())); });
}
LT lt_rand_like(Handle t, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::rand_like(of(t), options.options())); });
}
LT lt_randn_like(Handle t, Options options, Handle* out) noexcept {
    return guard([&] { give(out, torch::randn_like(of(t), options.options())); });
}

LT lt_normal_(Handle t, double mean, double std, void* generator) noexcept {
    return guard([&] { of(t).normal_(mean, std, generatorOf(generator)); });
}
LT lt_uniform_(Handle t, double from, double to, void* generator) noexcept {
    return guard([&] { of(t).uniform_(from, to, generatorOf(generator)); });
}
LT lt_bernoulli(Handle t, void* generator, Handle* out) noexcept {
    return guard([&] { give(out, of(t).bernoulli(generatorOf(generator))); });
}
LT lt_multinomial(Handle t, int64_t samples, bool replacement, void* generator, Handle* out) noexcept {
    return guard([&] { give(out, of(t).multinomial(samples, replacement, generatorOf(generator))); });
}
