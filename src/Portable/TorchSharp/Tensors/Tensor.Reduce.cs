using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Many elements into fewer, and orderings. No dimensions named: over all of them.
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Sum([], false, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => Sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => Sum([dim0, dim1, dim2], keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Sum(dim, keepdim, type);

        public Tensor mean() => mean([]);
        public Tensor mean(ReadOnlySpan<long> dimensions, bool keepdim = false, ScalarType? type = null) =>
            Made(lt_mean(this, dimensions, dimensions.Length, keepdim, Code(type), out nint result), result);

        public Tensor var(bool unbiased = true) => var([], unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Made(lt_var(this, dimensions, dimensions.Length, unbiased, keepdim, out nint result), result), type);

        public Tensor std(bool unbiased = true) => std([], unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Made(lt_std(this, dimensions, dimensions.Length, unbiased, keepdim, out nint result), result), type);

        public Tensor amax(params ReadOnlySpan<long> dims) => amax(dims, keepdim: false);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim) => Made(lt_amax(this, dims, dims.Length, keepdim, out nint result), result);
        public Tensor amin(params ReadOnlySpan<long> dims) => amin(dims, keepdim: false);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim) => Made(lt_amin(this, dims, dims.Length, keepdim, out nint result), result);

        public Tensor norm(float p = 2) => Made(lt_norm(this, p, out nint result), result);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Made(lt_norm_dim(this, p, dim, keepdim, out nint result), result);
        public Tensor logsumexp(long dim, bool keepdim = false) => Made(lt_logsumexp(this, dim, keepdim, out nint result), result);
        public Tensor cumsum(long dim, ScalarType? type = null) => Made(lt_cumsum(this, dim, Code(type), out nint result), result);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(lt_softmax(this, dim, Code(dtype), out nint result), result);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(lt_log_softmax(this, dim, Code(dtype), out nint result), result);

        public Tensor max() => Made(lt_max(this, out nint result), result);
        public Tensor max(Tensor other) => maximum(other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Made(lt_max_dim(this, dim, keepdim, out nint values, out nint indices), values, indices);
        public Tensor min() => Made(lt_min(this, out nint result), result);
        public Tensor min(Tensor other) => minimum(other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Made(lt_min_dim(this, dim, keepdim, out nint values, out nint indices), values, indices);
        public Tensor argmax() => Made(lt_argmax(this, overAll: true, 0, false, out nint result), result);
        public Tensor argmax(long dim, bool keepdim = false) => Made(lt_argmax(this, overAll: false, dim, keepdim, out nint result), result);
        public Tensor argmin() => Made(lt_argmin(this, overAll: true, 0, false, out nint result), result);
        public Tensor argmin(long dim, bool keepdim = false) => Made(lt_argmin(this, overAll: false, dim, keepdim, out nint result), result);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Made(lt_topk(this, k, dim, largest, sorted, out nint values, out nint indices), values, indices);

        /// <summary>The k-th smallest, counted from 1, along a dimension (the last when none is named).</summary>
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Made(lt_kthvalue(this, k, dim ?? -1, keepdim, out nint values, out nint indices), values, indices);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Made(lt_sort(this, dim, descending, stable, out nint values, out nint indices), values, indices);

        public Tensor argsort(long dim = -1, bool descending = false) => Made(lt_argsort(this, dim, descending, out nint result), result);

        private Tensor Sum(ReadOnlySpan<long> dims, bool keepdim, ScalarType? type) =>
            Made(lt_sum(this, dims, dims.Length, keepdim, Code(type), out nint result), result);

        private static int Code(ScalarType? type) => type is { } given ? (int)given : -1;

        private static Tensor Converted(Tensor tensor, ScalarType? type) => type is { } wanted ? tensor.to(wanted, disposeAfter: true) : tensor;
    }
}
