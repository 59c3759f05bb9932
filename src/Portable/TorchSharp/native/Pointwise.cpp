// Element by element: arithmetic, comparison, logic; and matrix products.
#include "Shim.h"

using namespace lacuna;

#define UNARY(name) LT lt_##name(Handle a, Handle* out) noexcept { return guard([&] { give(out, of(a).name()); }); }
#define UNARY_(name) LT lt_##name##_(Handle a) noexcept { return guard([&] { of(a).name##_(); }); }
#define BINARY(name) \
    LT lt_##name(Handle a, Handle b, Handle* out) noexcept { return guard([&] { give(out, of(a).name(of(b))); }); }
#define BINARY_(name) \
    LT lt_##name##_(Handle a, Handle b) noexcept { return guard([&] { of(a).name##_(of(b)); }); }
#define SCALAR(name) \
    LT lt_##name##_scalar(Handle a, Number b, Handle* out) noexcept { return guard([&] { give(out, of(a).name(b.scalar())); }); }
#define SCALAR_(name) \
    LT lt_##name##_scalar_(Handle a, Number b) noexcept { return guard([&] { of(a).name##_(b.scalar()); }); }
#define BOTH(name) BINARY(name) SCALAR(name)
#define BOTH_(name) BINARY_(name) SCALAR_(name)

UNARY(abs) UNARY(neg) UNARY(sign) UNARY(square) UNARY(sqrt) UNARY(rsqrt) UNARY(reciprocal)
UNARY(exp) UNARY(expm1) UNARY(log) UNARY(log1p) UNARY(log2) UNARY(sin) UNARY(cos) UNARY(erf)
UNARY(floor) UNARY(ceil) UNARY(trunc) UNARY(relu) UNARY(sigmoid) UNARY(tanh)
UNARY(isnan) UNARY(isinf) UNARY(isfinite) UNARY(logical_not) UNARY(bitwise_not)

UNARY_(zero) UNARY_(abs) UNARY_(neg) UNARY_(sqrt) UNARY_(rsqrt) UNARY_(exp) UNARY_(log) UNARY_(relu)
UNARY_(sigmoid) UNARY_(tanh) UNARY_(sign) UNARY_(reciprocal)

BOTH(sub) BOTH(mul) BOTH(pow) BOTH(remainder) BOTH(eq) BOTH(ne) BOTH(gt) BOTH(ge) BOTH(lt) BOTH(le)
BOTH_(sub) BOTH_(mul) BOTH_(pow)
BINARY(maximum) BINARY(minimum) BINARY(logical_and) BINARY(logical_or) BINARY(logical_xor)
BINARY(bitwise_and) BINARY(bitwise_or) BINARY(bitwise_xor)
BINARY(matmul) BINARY(mm) BINARY(bmm) BINARY(mv) BINARY(dot) BINARY(outer)
SCALAR(clamp_min) SCALAR(clamp_max)
SCALAR_(clamp_min) SCALAR_(clamp_max) SCALAR_(fill)

LT lt_round(Handle a, int64_t decimals, Handle* out) noexcept { return guard([&] { give(out, of(a).round(decimals)); }); }

LT lt_add(Handle a, Handle b, Number alpha, Handle* out) noexcept {
    return guard([&] { give(out, of(a).add(of(b), alpha.scalar())); });
}
LT lt_add_scalar(Handle a, Number b, Number alpha, Handle* out) noexcept {
    return guard([&] { give(out, of(a).add(b.scalar(), alpha.scalar())); });
}
LT lt_add_(Handle a, Handle b, Number alpha) noexcept { return guard([&] { of(a).add_(of(b), alpha.scalar()); }); }
LT lt_add_scalar_(Handle a, Number b, Number alpha) noexcept { return guard([&] { of(a).add_(b.scalar(), alpha.scalar()); }); }
LT lt_rsub_scalar(Handle a, Number b, Handle* out) noexcept {
    return guard([&] { give(out, at::rsub(of(a), b.scalar())); });
}

// rounding: 0 none, 1 towards zero, 2 down; mirrors torch.RoundingMode.
LT lt_div(Handle a, Handle b, int32_t rounding, Handle* out) noexcept {
    return guard([&] {
        give(out, rounding == 0 ? of(a).div(of(b)) : rounding == 1 ? of(a).div(of(b), "trunc") : of(a).div(of(b), "floor"));
    });
}
LT lt_div_scalar(Handle a, Number b, int32_t rounding, Handle* out) noexcept {
    return guard([&] {
        const auto by = b.scalar();
        give(out, rounding == 0 ? of(a).div(by) : rounding == 1 ? of(a).div(by, "trunc") : of(a).div(by, "floor"));
    });
}
LT lt_div_(Handle a, Handle b, int32_t rounding) noexcept {
    return guard([&] {
        if (rounding == 0) of(a).div_(of(b));
        else of(a).div_(of(b), rounding == 1 ? "trunc" : "floor");
    });
}
LT lt_div_scalar_(Handle a, Number b, int32_t rounding) noexcept {
    return guard([&] {
        if (rounding == 0) of(a).div_(b.scalar());
        else of(a).div_(b.scalar(), rounding == 1 ? "trunc" : "floor");
    });
}
LT lt_scalar_pow(Number number, Handle exponent, Handle* out) noexcept {
    return guard([&] { give(out, at::pow(number.scalar(), of(exponent))); });
}

LT lt_clamp(Handle a, Number low, Number high, Handle* out) noexcept {
    return guard([&] { give(out, of(a).clamp(low.optional(), high.optional())); });
}
LT lt_clamp_tensor(Handle a, Handle low, Handle high, Handle* out) noexcept {
    return guard([&] { give(out, of(a).clamp(maybe(low), maybe(high))); });
}
LT lt_clamp_(Handle a, Number low, Number high) noexcept {
    return guard([&] { of(a).clamp_(low.optional(), high.optional()); });
}
LT lt_clamp_tensor_(Handle a, Handle low, Handle high) noexcept {
    return guard([&] { of(a).clamp_(maybe(low), maybe(high)); });
}

LT lt_addcmul(Handle a, Handle x, Handle y, Number value, Handle* out) noexcept {
    return guard([&] { give(out, of(a).addcmul(of(x), of(y), value.scalar())); });
}
LT lt_addcmul_(Handle a, Handle x, Handle y, Number value) noexcept {
    return guard([&] { of(a).addcmul_(of(x), of(y), value.scalar()); });
}
LT lt_addcdiv(Handle a, Handle x, Handle y, Number value, Handle* out) noexcept {
    return guard([&] { give(out, of(a).addcdiv(of(x), of(y), value.scalar())); });
}
LT lt_addcdiv_(Handle a, Handle x, Handle y, Number value) noexcept {
    return guard([&] { of(a).addcdiv_(of(x), of(y), value.scalar()); });
}
LT lt_lerp(Handle a, Handle end, Handle weight, Handle* out) noexcept {
    return guard([&] { give(out, of(a).lerp(of(end), of(weight))); });
}
LT lt_lerp_(Handle a, Handle end, Handle weight) noexcept { return guard([&] { of(a).lerp_(of(end), of(weight)); }); }
LT lt_addmm(Handle a, Handle x, Handle y, double beta, double alpha, Handle* out) noexcept {
    return guard([&] { give(out, of(a).addmm(of(x), of(y), beta, alpha)); });
}
LT lt_where(Handle condition, Handle x, Handle y, Handle* out) noexcept {
    return guard([&] { give(out, at::where(of(condition), of(x), of(y))); });
}
LT lt_equal(Handle a, Handle b, bool* out) noexcept { return guard([&] { *out = of(a).equal(of(b)); }); }
LT lt_allclose(Handle a, Handle b, double rtol, double atol, bool equalNan, bool* out) noexcept {
    return guard([&] { *out = of(a).allclose(of(b), rtol, atol, equalNan); });
}
