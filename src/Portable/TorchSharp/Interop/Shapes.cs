using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Shapes.cpp: views, joins, splits and indexing.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_view(Tensor t, ReadOnlySpan<long> sizes, int rank, out nint result);
    [LibraryImport(Library)] internal static partial int lt_reshape(Tensor t, ReadOnlySpan<long> sizes, int rank, out nint result);
    [LibraryImport(Library)] internal static partial int lt_permute(Tensor t, ReadOnlySpan<long> dims, int rank, out nint result);
    [LibraryImport(Library)] internal static partial int lt_expand(Tensor t, ReadOnlySpan<long> sizes, int rank, out nint result);
    [LibraryImport(Library)] internal static partial int lt_repeat(Tensor t, ReadOnlySpan<long> sizes, int rank, out nint result);
    [LibraryImport(Library)] internal static partial int lt_flip(Tensor t, ReadOnlySpan<long> dims, int count, out nint result);
    [LibraryImport(Library)] internal static partial int lt_roll(Tensor t, ReadOnlySpan<long> shifts, int shiftCount, ReadOnlySpan<long> dims, int dimCount, out nint result);
    [LibraryImport(Library)] internal static partial int lt_flatten(Tensor t, long start, long end, out nint result);
    [LibraryImport(Library)] internal static partial int lt_transpose(Tensor t, long a, long b, out nint result);
    [LibraryImport(Library)] internal static partial int lt_t(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_squeeze(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_squeeze_dim(Tensor t, long dim, out nint result);
    [LibraryImport(Library)] internal static partial int lt_unsqueeze(Tensor t, long dim, out nint result);
    [LibraryImport(Library)] internal static partial int lt_narrow(Tensor t, long dim, long start, long length, out nint result);
    [LibraryImport(Library)] internal static partial int lt_slice(Tensor t, long dim, long start, long finish, long step, out nint result);
    [LibraryImport(Library)] internal static partial int lt_select(Tensor t, long dim, long index, out nint result);
    [LibraryImport(Library)] internal static partial int lt_tril(Tensor t, long diagonal, out nint result);
    [LibraryImport(Library)] internal static partial int lt_triu(Tensor t, long diagonal, out nint result);
    [LibraryImport(Library)] internal static partial int lt_diag(Tensor t, long diagonal, out nint result);
    [LibraryImport(Library)] internal static partial int lt_cat(ReadOnlySpan<nint> tensors, int count, long dim, out nint result);
    [LibraryImport(Library)] internal static partial int lt_stack(ReadOnlySpan<nint> tensors, int count, long dim, out nint result);
    [LibraryImport(Library)] internal static partial int lt_chunk(Tensor t, long chunks, long dim, Span<nint> results, int capacity, out int count);
    [LibraryImport(Library)] internal static partial int lt_split(Tensor t, long size, long dim, Span<nint> results, int capacity, out int count);
    [LibraryImport(Library)] internal static partial int lt_split_sizes(Tensor t, ReadOnlySpan<long> sizes, int sizeCount, long dim, Span<nint> results, int capacity, out int count);
    [LibraryImport(Library)] internal static partial int lt_unbind(Tensor t, long dim, Span<nint> results, int capacity, out int count);
    [LibraryImport(Library)] internal static partial int lt_where_indices(Tensor condition, Span<nint> results, int capacity, out int count);
    [LibraryImport(Library)] internal static partial int lt_nonzero(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_take(Tensor t, Tensor index, out nint result);
    [LibraryImport(Library)] internal static partial int lt_gather(Tensor t, long dim, Tensor index, out nint result);
    [LibraryImport(Library)] internal static partial int lt_index_select(Tensor t, long dim, Tensor index, out nint result);
    [LibraryImport(Library)] internal static partial int lt_index_copy_(Tensor t, long dim, Tensor index, Tensor source);
    [LibraryImport(Library)] internal static partial int lt_index_add_(Tensor t, long dim, Tensor index, Tensor source, Scalar alpha);
    [LibraryImport(Library)] internal static partial int lt_index_fill_(Tensor t, long dim, Tensor index, Scalar value);
    [LibraryImport(Library)] internal static partial int lt_scatter(Tensor t, long dim, Tensor index, Tensor source, out nint result);
    [LibraryImport(Library)] internal static partial int lt_scatter_(Tensor t, long dim, Tensor index, Tensor source);
    [LibraryImport(Library)] internal static partial int lt_scatter_add_(Tensor t, long dim, Tensor index, Tensor source);
    [LibraryImport(Library)] internal static partial int lt_masked_fill(Tensor t, Tensor mask, Scalar value, out nint result);
    [LibraryImport(Library)] internal static partial int lt_masked_fill_(Tensor t, Tensor mask, Scalar value);
    [LibraryImport(Library)] internal static partial int lt_masked_select(Tensor t, Tensor mask, out nint result);
    [LibraryImport(Library)] internal static partial int lt_index(Tensor t, ReadOnlySpan<Index> indices, int count, out nint result);
    [LibraryImport(Library)] internal static partial int lt_index_put_(Tensor t, ReadOnlySpan<Index> indices, int count, Tensor value);
    [LibraryImport(Library)] internal static partial int lt_index_put_scalar_(Tensor t, ReadOnlySpan<Index> indices, int count, Scalar value);
}
