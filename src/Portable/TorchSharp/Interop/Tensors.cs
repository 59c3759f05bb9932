using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Tensors.cpp: one tensor: what it is, where its data lies, copies of it.
internal static partial class Native
{
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_dim(Tensor t, out int result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_numel(Tensor t, out long result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_nbytes(Tensor t, out long result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_dtype(Tensor t, out int result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_element_size(Tensor t, out long result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_storage_offset(Tensor t, out long result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_is_contiguous(Tensor t, [MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_is_leaf(Tensor t, [MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_requires_grad(Tensor t, [MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] internal static partial int lt_data(Tensor t, out nint result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_device(Tensor t, out int type, out int index);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_sizes(Tensor t, Span<long> values, int capacity, out int rank);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_strides(Tensor t, Span<long> values, int capacity, out int rank);
    [LibraryImport(Library)] internal static partial int lt_to(Tensor t, Options where, [MarshalAs(UnmanagedType.U1)] bool nonBlocking, [MarshalAs(UnmanagedType.U1)] bool copy, out nint result);
    [LibraryImport(Library)] internal static partial int lt_clone(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_alias(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_pin_memory(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_contiguous(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_channels_last(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_copy_(Tensor t, Tensor source, [MarshalAs(UnmanagedType.U1)] bool nonBlocking);
    [LibraryImport(Library)] internal static partial int lt_item(Tensor t, out Scalar result);
    [LibraryImport(Library)] internal static partial int lt_read(Tensor t, nint destination, long bytes);
    [LibraryImport(Library)] internal static partial int lt_from_memory(nint data, int dtype, ReadOnlySpan<long> sizes, int rank, Options options, out nint result);
}
