using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Factories.cpp: new tensors.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_empty(ReadOnlySpan<long> sizes, int rank, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_zeros(ReadOnlySpan<long> sizes, int rank, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_ones(ReadOnlySpan<long> sizes, int rank, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_full(ReadOnlySpan<long> sizes, int rank, Scalar value, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_rand(ReadOnlySpan<long> sizes, int rank, nint generator, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_randn(ReadOnlySpan<long> sizes, int rank, nint generator, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_randint(long low, long high, ReadOnlySpan<long> sizes, int rank, nint generator, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_randperm(long n, nint generator, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_arange(Scalar start, Scalar stop, Scalar step, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_linspace(double start, double end, long steps, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_eye(long rows, long columns, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_empty_like(Tensor t, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_full_like(Tensor t, Scalar value, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_rand_like(Tensor t, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_randn_like(Tensor t, Options options, out nint result);
    [LibraryImport(Library)] internal static partial int lt_normal_(Tensor t, double mean, double std, nint generator);
    [LibraryImport(Library)] internal static partial int lt_uniform_(Tensor t, double from, double to, nint generator);
    [LibraryImport(Library)] internal static partial int lt_bernoulli(Tensor t, nint generator, out nint result);
    [LibraryImport(Library)] internal static partial int lt_multinomial(Tensor t, long samples, [MarshalAs(UnmanagedType.U1)] bool replacement, nint generator, out nint result);
}
