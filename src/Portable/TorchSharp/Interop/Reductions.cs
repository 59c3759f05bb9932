using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Reductions.cpp: many elements into fewer, and orderings.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_sum(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool keep, int dtype, out nint result);
    [LibraryImport(Library)] internal static partial int lt_mean(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool keep, int dtype, out nint result);
    [LibraryImport(Library)] internal static partial int lt_var(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool unbiased, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_std(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool unbiased, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_amax(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_amin(Tensor t, ReadOnlySpan<long> dims, int count, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_norm(Tensor t, double p, out nint result);
    [LibraryImport(Library)] internal static partial int lt_norm_dim(Tensor t, double p, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_logsumexp(Tensor t, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_cumsum(Tensor t, long dim, int dtype, out nint result);
    [LibraryImport(Library)] internal static partial int lt_max(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_min(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_max_dim(Tensor t, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint values, out nint indices);
    [LibraryImport(Library)] internal static partial int lt_min_dim(Tensor t, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint values, out nint indices);
    [LibraryImport(Library)] internal static partial int lt_argmax(Tensor t, [MarshalAs(UnmanagedType.U1)] bool overAll, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_argmin(Tensor t, [MarshalAs(UnmanagedType.U1)] bool overAll, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_any(Tensor t, [MarshalAs(UnmanagedType.U1)] bool overAll, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_all(Tensor t, [MarshalAs(UnmanagedType.U1)] bool overAll, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
    [LibraryImport(Library)] internal static partial int lt_topk(Tensor t, long k, long dim, [MarshalAs(UnmanagedType.U1)] bool largest, [MarshalAs(UnmanagedType.U1)] bool sorted, out nint values, out nint indices);
    [LibraryImport(Library)] internal static partial int lt_kthvalue(Tensor t, long k, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint values, out nint indices);
    [LibraryImport(Library)] internal static partial int lt_sort(Tensor t, long dim, [MarshalAs(UnmanagedType.U1)] bool descending, [MarshalAs(UnmanagedType.U1)] bool stable, out nint values, out nint indices);
    [LibraryImport(Library)] internal static partial int lt_argsort(Tensor t, long dim, [MarshalAs(UnmanagedType.U1)] bool descending, out nint result);
    [LibraryImport(Library)] internal static partial int lt_softmax(Tensor t, long dim, int dtype, out nint result);
    [LibraryImport(Library)] internal static partial int lt_log_softmax(Tensor t, long dim, int dtype, out nint result);
}
