using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Two tensors, or a tensor and a number, element by element with broadcasting; and matrix products.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => add(target, 1);
        public Tensor add(Tensor target, Scalar alpha) => Made(lt_add(this, target, alpha, out nint result), result);
        public Tensor add_(Tensor target) => add_(target, 1);
        public Tensor add_(Tensor target, Scalar alpha) => Self(lt_add_(this, target, alpha));
        public Tensor add(Scalar scalar) => add(scalar, 1);
        public Tensor add(Scalar scalar, Scalar alpha) => Made(lt_add_scalar(this, scalar, alpha, out nint result), result);
        public Tensor add_(Scalar scalar) => add_(scalar, 1);
        public Tensor add_(Scalar scalar, Scalar alpha) => Self(lt_add_scalar_(this, scalar, alpha));

        public Tensor sub(Tensor target) => Made(lt_sub(this, target, out nint result), result);
        public Tensor sub_(Tensor target) => Self(lt_sub_(this, target));
        public Tensor sub(Scalar target) => Made(lt_sub_scalar(this, target, out nint result), result);
        public Tensor sub_(Scalar target) => Self(lt_sub_scalar_(this, target));

        public Tensor mul(Tensor target) => Made(lt_mul(this, target, out nint result), result);
        public Tensor mul_(Tensor target) => Self(lt_mul_(this, target));
        public Tensor mul(Scalar target) => Made(lt_mul_scalar(this, target, out nint result), result);
        public Tensor mul_(Scalar target) => Self(lt_mul_scalar_(this, target));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Made(lt_div(this, target, (int)rounding_mode, out nint result), result);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Self(lt_div_(this, target, (int)rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Made(lt_div_scalar(this, target, (int)rounding_mode, out nint result), result);
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Self(lt_div_scalar_(this, target, (int)rounding_mode));

        public Tensor remainder(Tensor target) => Made(lt_remainder(this, target, out nint result), result);
        public Tensor remainder(Scalar scalar) => Made(lt_remainder_scalar(this, scalar, out nint result), result);

        public Tensor pow(Tensor exponent) => Made(lt_pow(this, exponent, out nint result), result);
        public Tensor pow(Scalar exponent) => Made(lt_pow_scalar(this, exponent, out nint result), result);
        public Tensor pow_(Tensor exponent) => Self(lt_pow_(this, exponent));
        public Tensor pow_(Scalar exponent) => Self(lt_pow_scalar_(this, exponent));

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Made(lt_clamp(this, min ?? default, max ?? default, out nint result), result);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Made(lt_clamp_tensor(this, min, max, out nint result), result);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Self(lt_clamp_(this, min ?? default, max ?? default));
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Self(lt_clamp_tensor_(this, min, max));
        public Tensor clamp_min(Scalar min) => Made(lt_clamp_min_scalar(this, min, out nint result), result);
        public Tensor clamp_max(Scalar max) => Made(lt_clamp_max_scalar(this, max, out nint result), result);
        public Tensor clamp_min_(Scalar min) => Self(lt_clamp_min_scalar_(this, min));
        public Tensor clamp_max_(Scalar max) => Self(lt_clamp_max_scalar_(this, max));

        public Tensor maximum(Tensor other) => Made(lt_maximum(this, other, out nint result), result);
        public Tensor minimum(Tensor other) => Made(lt_minimum(this, other, out nint result), result);

        /// <summary>this + value * tensor1 * tensor2</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Made(lt_addcmul(this, tensor1, tensor2, value, out nint result), result);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Self(lt_addcmul_(this, tensor1, tensor2, value));

        /// <summary>this + value * tensor1 / tensor2</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Made(lt_addcdiv(this, tensor1, tensor2, value, out nint result), result);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Self(lt_addcdiv_(this, tensor1, tensor2, value));
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);

        /// <summary>this + weight * (end - this)</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Made(lt_lerp(this, end, weight, out nint result), result);
        public Tensor lerp_(Tensor end, Tensor weight) => Self(lt_lerp_(this, end, weight));

        public Tensor matmul(Tensor target) => Made(lt_matmul(this, target, out nint result), result);
        public Tensor mm(Tensor target) => Made(lt_mm(this, target, out nint result), result);
        public Tensor bmm(Tensor batch2) => Made(lt_bmm(this, batch2, out nint result), result);
        public Tensor mv(Tensor target) => Made(lt_mv(this, target, out nint result), result);
        public Tensor dot(Tensor target) => Made(lt_dot(this, target, out nint result), result);
        public Tensor outer(Tensor vec2) => Made(lt_outer(this, vec2, out nint result), result);

        /// <summary>beta * this + alpha * mat1 mat2</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Made(lt_addmm(this, mat1, mat2, beta, alpha, out nint result), result);
    }
}
