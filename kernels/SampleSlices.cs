using ILGPU;

namespace Lacuna.Kernels;

/// <summary>
/// Sums over samples on the GPU where one sum alone would not fill the device: the samples are cut into slices, groups write each slice's sum, and
/// <see cref="MergeKernel"/> adds the slices in their order. How many there are depends on the sizes alone, so results repeat on every device.
/// </summary>
public static class SampleSlices
{
    // Several groups for each multiprocessor of the largest device.
    private const long WantedGroups = 2048;

    /// <summary>Slices to take when every slice has <paramref name="tiles"/> groups' work and a slice of fewer than <paramref name="least"/> samples is not worth it.</summary>
    public static int Count(long samples, long tiles, int least = 1) =>
        (int)Math.Clamp(WantedGroups / Math.Max(1, tiles), 1, Math.Max(1, Blocks.Count(samples, least)));

    /// <summary>First sample of a slice; that of the one after the last is the number of samples.</summary>
    internal static long First(long slice, long samples, int slices) => slice * (samples / slices) + (slice < samples % slices ? slice : samples % slices);

    /// <summary>omega[i] += sum_s partial[s * stride + i]: moves 4 (S + 2) bytes an element.</summary>
    [DeviceKernel]
    public static void MergeKernel(ArrayView<float> partial, ArrayView<float> omega, long stride, int slices)
    {
        for (long i = GridStride.First(); i < omega.Length; i += GridStride.Step())
        {
            float sum = partial[i];
            for (int s = 1; s < slices; s++)
                sum += partial[s * stride + i];
            omega[i] += sum;
        }
    }

    /// <summary>Writes scale times four sums to columns of a row that begins at <paramref name="row"/>, as far as the row goes.</summary>
    internal static void Store(ArrayView<float> partial, long row, long column, long columns, bool inside, float scale, Float4 sums)
    {
        if (inside && column < columns)
            partial[row + column] = scale * sums.X;
        if (inside && column + 1 < columns)
            partial[row + column + 1] = scale * sums.Y;
        if (inside && column + 2 < columns)
            partial[row + column + 2] = scale * sums.Z;
        if (inside && column + 3 < columns)
            partial[row + column + 3] = scale * sums.W;
    }
}
