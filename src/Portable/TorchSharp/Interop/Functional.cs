using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Functional.cpp: the layers' arithmetic.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_conv2d(Tensor x, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups, out nint result);
    [LibraryImport(Library)] internal static partial int lt_conv_transpose2d(Tensor x, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> outputPadding, ReadOnlySpan<long> dilation, long groups, out nint result);
    [LibraryImport(Library)] internal static partial int lt_linear(Tensor x, Tensor weight, Tensor? bias, out nint result);
    [LibraryImport(Library)] internal static partial int lt_batch_norm(Tensor x, Tensor? weight, Tensor? bias, Tensor? mean, Tensor? var, [MarshalAs(UnmanagedType.U1)] bool training, double momentum, double eps, out nint result);
    [LibraryImport(Library)] internal static partial int lt_layer_norm(Tensor x, ReadOnlySpan<long> shape, int rank, Tensor? weight, Tensor? bias, double eps, out nint result);
    [LibraryImport(Library)] internal static partial int lt_group_norm(Tensor x, long groups, Tensor? weight, Tensor? bias, double eps, out nint result);
    [LibraryImport(Library)] internal static partial int lt_max_pool2d(Tensor x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, [MarshalAs(UnmanagedType.U1)] bool ceil, out nint result);
    [LibraryImport(Library)] internal static partial int lt_avg_pool2d(Tensor x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, [MarshalAs(UnmanagedType.U1)] bool ceil, [MarshalAs(UnmanagedType.U1)] bool countPad, long divisor, out nint result);
    [LibraryImport(Library)] internal static partial int lt_adaptive_avg_pool2d(Tensor x, ReadOnlySpan<long> size, out nint result);
    [LibraryImport(Library)] internal static partial int lt_pad(Tensor x, ReadOnlySpan<long> pad, int count, int mode, double value, out nint result);
    [LibraryImport(Library)] internal static partial int lt_gelu(Tensor x, out nint result);
    [LibraryImport(Library)] internal static partial int lt_gelu_(Tensor x);
    [LibraryImport(Library)] internal static partial int lt_silu(Tensor x, out nint result);
    [LibraryImport(Library)] internal static partial int lt_silu_(Tensor x);
    [LibraryImport(Library)] internal static partial int lt_leaky_relu(Tensor x, double slope, out nint result);
    [LibraryImport(Library)] internal static partial int lt_leaky_relu_(Tensor x, double slope);
    [LibraryImport(Library)] internal static partial int lt_hardtanh(Tensor x, double low, double high, out nint result);
    [LibraryImport(Library)] internal static partial int lt_hardtanh_(Tensor x, double low, double high);
    [LibraryImport(Library)] internal static partial int lt_softplus(Tensor x, double beta, double threshold, out nint result);
    [LibraryImport(Library)] internal static partial int lt_dropout(Tensor x, double p, [MarshalAs(UnmanagedType.U1)] bool training, out nint result);
    [LibraryImport(Library)] internal static partial int lt_dropout_(Tensor x, double p, [MarshalAs(UnmanagedType.U1)] bool training);
    [LibraryImport(Library)] internal static partial int lt_one_hot(Tensor x, long classes, out nint result);
    [LibraryImport(Library)] internal static partial int lt_cross_entropy(Tensor x, Tensor target, Tensor? weight, long reduction, long ignore, double smoothing, out nint result);
    [LibraryImport(Library)] internal static partial int lt_nll_loss(Tensor x, Tensor target, Tensor? weight, long reduction, out nint result);
    [LibraryImport(Library)] internal static partial int lt_mse_loss(Tensor x, Tensor target, long reduction, out nint result);
    [LibraryImport(Library)] internal static partial int lt_l1_loss(Tensor x, Tensor target, long reduction, out nint result);
    [LibraryImport(Library)] internal static partial int lt_smooth_l1_loss(Tensor x, Tensor target, long reduction, double beta, out nint result);
    [LibraryImport(Library)] internal static partial int lt_bce_with_logits(Tensor x, Tensor target, Tensor? weight, Tensor? positive, long reduction, out nint result);
    [LibraryImport(Library)] internal static partial int lt_kl_div(Tensor x, Tensor target, long reduction, [MarshalAs(UnmanagedType.U1)] bool logTarget, out nint result);
}
