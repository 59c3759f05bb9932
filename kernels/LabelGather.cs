using ILGPU;

namespace Lacuna.Kernels;

/// <summary>
/// The labels of a batch's rows: <code>y[b] = labels[rows[b]]</code>
/// labels [M] int64 or int32; rows, y [B] int64.
/// <para>Moves 24 B bytes, or 20 B.</para>
/// </summary>
public static unsafe class LabelGather
{
    /// <summary>The operation on the CPU. A batch's labels are too few to spread over the processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the set.</exception>
    public static void Cpu(ReadOnlySpan<long> labels, ReadOnlySpan<long> rows, Span<long> result)
    {
        Lengths.Require(result.Length, rows.Length, nameof(result));
        for (int b = 0; b < rows.Length; b++)
            result[b] = labels[Inside(rows, b, labels.Length)];
    }

    /// <inheritdoc cref="Cpu(ReadOnlySpan{long}, ReadOnlySpan{long}, Span{long})"/>
    public static void Cpu(ReadOnlySpan<int> labels, ReadOnlySpan<long> rows, Span<long> result)
    {
        Lengths.Require(result.Length, rows.Length, nameof(result));
        for (int b = 0; b < rows.Length; b++)
            result[b] = labels[Inside(rows, b, labels.Length)];
    }

    private static int Inside(ReadOnlySpan<long> rows, int b, int count) => (ulong)rows[b] < (ulong)count
        ? (int)rows[b]
        : throw new ArgumentOutOfRangeException(nameof(rows), rows[b], $"Row {b} of the batch is outside the set of {count} images.");

    /// <summary>The operation on the GPU; a row outside the set gets label -1, which no class has.</summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<long> labels, ArrayView<long> rows, ArrayView<long> result)
    {
        for (long b = GridStride.First(); b < rows.Length; b += GridStride.Step())
            result[b] = rows[b] >= 0 && rows[b] < labels.Length ? labels[rows[b]] : -1;
    }

    /// <summary>As <see cref="Kernel"/> with int32 labels.</summary>
    [DeviceKernel]
    public static void Int32Kernel(ArrayView<int> labels, ArrayView<long> rows, ArrayView<long> result)
    {
        for (long b = GridStride.First(); b < rows.Length; b += GridStride.Step())
            result[b] = rows[b] >= 0 && rows[b] < labels.Length ? labels[rows[b]] : -1;
    }
}
