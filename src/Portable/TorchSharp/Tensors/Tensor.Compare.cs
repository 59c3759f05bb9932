using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Comparisons and logic: tensors of truth values.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Made(lt_eq(this, target, out nint result), result);
        public Tensor eq(Scalar target) => Made(lt_eq_scalar(this, target, out nint result), result);
        public Tensor ne(Tensor target) => Made(lt_ne(this, target, out nint result), result);
        public Tensor ne(Scalar target) => Made(lt_ne_scalar(this, target, out nint result), result);
        public Tensor gt(Tensor target) => Made(lt_gt(this, target, out nint result), result);
        public Tensor gt(Scalar target) => Made(lt_gt_scalar(this, target, out nint result), result);
        public Tensor ge(Tensor target) => Made(lt_ge(this, target, out nint result), result);
        public Tensor ge(Scalar target) => Made(lt_ge_scalar(this, target, out nint result), result);
        public Tensor lt(Tensor target) => Made(lt_lt(this, target, out nint result), result);
        public Tensor lt(Scalar target) => Made(lt_lt_scalar(this, target, out nint result), result);
        public Tensor le(Tensor target) => Made(lt_le(this, target, out nint result), result);
        public Tensor le(Scalar target) => Made(lt_le_scalar(this, target, out nint result), result);

        public Tensor logical_and(Tensor other) => Made(lt_logical_and(this, other, out nint result), result);
        public Tensor logical_or(Tensor other) => Made(lt_logical_or(this, other, out nint result), result);
        public Tensor logical_xor(Tensor other) => Made(lt_logical_xor(this, other, out nint result), result);
        public Tensor bitwise_and(Tensor other) => Made(lt_bitwise_and(this, other, out nint result), result);
        public Tensor bitwise_or(Tensor other) => Made(lt_bitwise_or(this, other, out nint result), result);
        public Tensor bitwise_xor(Tensor other) => Made(lt_bitwise_xor(this, other, out nint result), result);
        public Tensor logical_not() => Made(lt_logical_not(this, out nint result), result);
        public Tensor bitwise_not() => Made(lt_bitwise_not(this, out nint result), result);
        public Tensor isnan() => Made(lt_isnan(this, out nint result), result);
        public Tensor isinf() => Made(lt_isinf(this, out nint result), result);
        public Tensor isfinite() => Made(lt_isfinite(this, out nint result), result);

        public Tensor any() => Made(lt_any(this, overAll: true, 0, false, out nint result), result);
        public Tensor any(long dim, bool keepdim = false) => Made(lt_any(this, overAll: false, dim, keepdim, out nint result), result);
        public Tensor all() => Made(lt_all(this, overAll: true, 0, false, out nint result), result);
        public Tensor all(long dim, bool keepdim = false) => Made(lt_all(this, overAll: false, dim, keepdim, out nint result), result);

        /// <summary>This tensor where <paramref name="condition"/> holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Made(lt_where(condition, this, y, out nint result), result);
    }
}
