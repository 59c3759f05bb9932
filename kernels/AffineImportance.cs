using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Importance of a batch norm's scale and shift in evaluation from every sample's own gradient:
/// <code>
/// G_n[c] = sum_p d[n,c,p] * (x[n,c,p] - mean[c]) / sqrt(variance[c] + epsilon)    scale
/// B_n[c] = sum_p d[n,c,p]                                                        shift; also a convolution's bias
/// omega[c] += factor * sum_n |.|    or    factor * sum_n (.)^2
/// </code>
/// x [N,C,P] the layer's input, d [N,C,P] the gradient of each sample's score by the layer's output, all else [C]; float32, row-major.
/// Sums over p and over n are taken in float32, with fused multiply-adds on the CPU.
/// <para>Moves 8 N C P bytes, 4 N C P for the shift alone.</para>
/// </summary>
public static unsafe class AffineImportance
{
    /// <summary>Both importances on the CPU; no array may overlap the two.</summary>
    public static void Cpu(float* input, float* gradient, float* mean, float* variance, float* omegaScale, float* omegaShift,
        long samples, long channels, long positions, float epsilon, float factor, ImportanceMeasure measure)
    {
        Validate(samples, channels, positions);
        bool squared = LayerMeasure.IsSquared(measure);
        Blocks.RunItems(channels, samples * positions, (first, count) =>
        {
            for (long c = first; c < first + count; c++)
            {
                float deviation = MathF.Sqrt(variance[c] + epsilon), scales = 0, shifts = 0;
                for (long n = 0; n < samples; n++)
                {
                    long row = (n * channels + c) * positions;
                    var (scale, shift) = Sums(input + row, gradient + row, mean[c], positions);
                    scales += LayerMeasure.Of(scale / deviation, squared);
                    shifts += LayerMeasure.Of(shift, squared);
                }
                omegaScale[c] += factor * scales;
                omegaShift[c] += factor * shifts;
            }
        });
    }

    /// <summary>Both importances on the CPU of x and d [N,P,C], channels-last; no array may overlap the two.</summary>
    public static void ChannelsLastCpu(float* input, float* gradient, float* mean, float* variance, float* omegaScale, float* omegaShift,
        long samples, long channels, long positions, float epsilon, float factor, ImportanceMeasure measure)
    {
        Validate(samples, channels, positions);
        bool squared = LayerMeasure.IsSquared(measure);
        // Slices of the samples, whose sums are added in their order.
        long slices = Blocks.Count(samples, SamplesOfABlock);
        var partial = new float[2 * slices * channels];
        fixed (float* sums = partial)
        {
            float* start = sums; // a lambda takes no fixed pointer
            Blocks.Each(slices, slice =>
            {
                float* scales = start + 2 * slice * channels, shifts = scales + channels;
                for (long n = slice * SamplesOfABlock; n < Math.Min(samples, (slice + 1) * SamplesOfABlock); n++)
                    AddSample(input + n * positions * channels, gradient + n * positions * channels, mean, variance, scales, shifts, channels, positions, epsilon, squared);
            });
        }
        for (long slice = 0; slice < slices; slice++)
            for (long c = 0; c < channels; c++)
            {
                omegaScale[c] += factor * partial[2 * slice * channels + c];
                omegaShift[c] += factor * partial[(2 * slice + 1) * channels + c];
            }
    }

    // One image's measures, a vector of channels at a time.
    private static void AddSample(float* x, float* d, float* mean, float* variance, float* scales, float* shifts, long channels, long positions, float epsilon, bool squared)
    {
        int width = Vector<float>.Count;
        long c = 0;
        for (; c <= channels - width; c += width)
        {
            Vector<float> means = Vector.Load(mean + c), a = default, b = default, e = default, f = default;
            float* xx = x + c, dd = d + c, end = dd + positions * channels;
            for (; dd < end - channels; xx += 2 * channels, dd += 2 * channels)
            {
                Vector<float> d0 = Vector.Load(dd), d1 = Vector.Load(dd + channels);
                a = Vector.FusedMultiplyAdd(d0, Vector.Load(xx) - means, a);
                b = Vector.FusedMultiplyAdd(d1, Vector.Load(xx + channels) - means, b);
                e += d0;
                f += d1;
            }
            if (dd < end)
            {
                a = Vector.FusedMultiplyAdd(Vector.Load(dd), Vector.Load(xx) - means, a);
                e += Vector.Load(dd);
            }
            Vector<float> scale = (a + b) / Vector.SquareRoot(Vector.Load(variance + c) + new Vector<float>(epsilon));
            (Vector.Load(scales + c) + LayerMeasure.Of(scale, squared)).Store(scales + c);
            (Vector.Load(shifts + c) + LayerMeasure.Of(e + f, squared)).Store(shifts + c);
        }
        for (; c < channels; c++)
        {
            float scale = 0, shift = 0;
            for (long p = 0; p < positions; p++)
            {
                scale += d[p * channels + c] * (x[p * channels + c] - mean[c]);
                shift += d[p * channels + c];
            }
            scales[c] += LayerMeasure.Of(scale / MathF.Sqrt(variance[c] + epsilon), squared);
            shifts[c] += LayerMeasure.Of(shift, squared);
        }
    }

    // Samples that one thread takes at a time, channels-last.
    private const int SamplesOfABlock = 4;

    /// <summary>The shift's importance alone on the CPU; the arrays must not overlap.</summary>
    public static void ShiftCpu(float* gradient, float* omega, long samples, long channels, long positions, float factor, ImportanceMeasure measure)
    {
        Validate(samples, channels, positions);
        bool squared = LayerMeasure.IsSquared(measure);
        Blocks.RunItems(channels, samples * positions, (first, count) =>
        {
            for (long c = first; c < first + count; c++)
            {
                float shifts = 0;
                for (long n = 0; n < samples; n++)
                    shifts += LayerMeasure.Of(Sum(gradient + (n * channels + c) * positions, positions), squared);
                omega[c] += factor * shifts;
            }
        });
    }

    private static (float Scale, float Shift) Sums(float* x, float* d, float mean, long count)
    {
        int width = Vector<float>.Count;
        Vector<float> means = new(mean), a = default, b = default, e = default, f = default;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<float> d0 = Vector.Load(d + i), d1 = Vector.Load(d + i + width);
            a = Vector.FusedMultiplyAdd(d0, Vector.Load(x + i) - means, a);
            b = Vector.FusedMultiplyAdd(d1, Vector.Load(x + i + width) - means, b);
            e += d0;
            f += d1;
        }
        float scale = Vector.Sum(a + b), shift = Vector.Sum(e + f);
        for (; i < count; i++)
        {
            scale += d[i] * (x[i] - mean);
            shift += d[i];
        }
        return (scale, shift);
    }

    private static float Sum(float* d, long count)
    {
        int width = Vector<float>.Count;
        Vector<float> a = default, b = default;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            a += Vector.Load(d + i);
            b += Vector.Load(d + i + width);
        }
        float sum = Vector.Sum(a + b);
        for (; i < count; i++)
            sum += d[i];
        return sum;
    }

    private static void Validate(long samples, long channels, long positions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(channels);
        ArgumentOutOfRangeException.ThrowIfNegative(positions);
    }

    // The GPU: a group for a channel and a slice of the samples, of which its warps take turns.
    private const int SamplesOfAGroup = 16;

    /// <summary>Slices of samples that the kernels should be launched with.</summary>
    public static int Slices(long samples, long channels) => SampleSlices.Count(samples, channels, SamplesOfAGroup);

    /// <summary>
    /// Both importances on the GPU up to the last sum: partial[s, 0, c] of the scale and partial[s, 1, c] of the shift for <paramref name="slices"/> slices of
    /// the samples. <see cref="SampleSlices.MergeKernel"/> with stride 2 C adds either to its omega. Groups stride over channels and slices.
    /// <c>wide</c> is 1 where P is a multiple of 4 and x and d begin at multiples of 16 bytes.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> input, ArrayView<float> gradient, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> partial,
        long samples, long positions, int slices, float epsilon, float factor, int squared, int wide)
    {
        long channels = mean.Length;
        ArrayView<Float4> fourInputs = input.Cast<Float4>(), fourGradients = gradient.Cast<Float4>();
        for (long item = Grid.IdxX; item < channels * slices; item += Grid.DimX)
        {
            long slice = item / channels, c = item % channels;
            float center = mean[c], deviation = XMath.Sqrt(variance[c] + epsilon), scales = 0, shifts = 0;
            for (long n = SampleSlices.First(slice, samples, slices) + Warp.WarpIdx; n < SampleSlices.First(slice + 1, samples, slices); n += Group.DimX / Warp.WarpSize)
            {
                long row = (n * channels + c) * positions;
                float scale = 0, shift = 0;
                if (wide != 0)
                    for (long i = row / 4 + Warp.LaneIdx; i < (row + positions) / 4; i += Warp.WarpSize)
                    {
                        Float4 d = fourGradients[i], x = fourInputs[i];
                        scale += d.X * (x.X - center) + d.Y * (x.Y - center) + (d.Z * (x.Z - center) + d.W * (x.W - center));
                        shift += d.X + d.Y + (d.Z + d.W);
                    }
                else
                    for (long i = row + Warp.LaneIdx; i < row + positions; i += Warp.WarpSize)
                    {
                        float d = gradient[i];
                        scale += d * (input[i] - center);
                        shift += d;
                    }
                scale = GroupSum.OverWarp(scale);
                shift = GroupSum.OverWarp(shift);
                scales += LayerMeasure.Of(scale / deviation, squared);
                shifts += LayerMeasure.Of(shift, squared);
            }
            // Of a warp only the first lane has whole sums.
            scales = GroupSum.InFirstThread(Warp.IsFirstLane ? scales : 0);
            shifts = GroupSum.InFirstThread(Warp.IsFirstLane ? shifts : 0);
            if (Group.IdxX == 0)
            {
                partial[2 * slice * channels + c] = factor * scales;
                partial[(2 * slice + 1) * channels + c] = factor * shifts;
            }
        }
    }

    /// <summary>
    /// The shift's importance alone on the GPU up to the last sum: partial[s, c]. <see cref="SampleSlices.MergeKernel"/> with stride C adds them to omega.
    /// Groups stride over channels and slices.
    /// <c>wide</c> is 1 where P is a multiple of 4 and x and d begin at multiples of 16 bytes.
    /// </summary>
    [DeviceKernel]
    public static void ShiftKernel(ArrayView<float> gradient, ArrayView<float> partial, long samples, long channels, long positions, int slices, float factor, int squared, int wide)
    {
        ArrayView<Float4> fours = gradient.Cast<Float4>();
        for (long item = Grid.IdxX; item < channels * slices; item += Grid.DimX)
        {
            long slice = item / channels, c = item % channels;
            float shifts = 0;
            for (long n = SampleSlices.First(slice, samples, slices) + Warp.WarpIdx; n < SampleSlices.First(slice + 1, samples, slices); n += Group.DimX / Warp.WarpSize)
            {
                long row = (n * channels + c) * positions;
                float shift = 0;
                if (wide != 0)
                    for (long i = row / 4 + Warp.LaneIdx; i < (row + positions) / 4; i += Warp.WarpSize)
                    {
                        Float4 d = fours[i];
                        shift += d.X + d.Y + (d.Z + d.W);
                    }
                else
                    for (long i = row + Warp.LaneIdx; i < row + positions; i += Warp.WarpSize)
                        shift += gradient[i];
                shifts += LayerMeasure.Of(GroupSum.OverWarp(shift), squared);
            }
            shifts = GroupSum.InFirstThread(Warp.IsFirstLane ? shifts : 0);
            if (Group.IdxX == 0)
                partial[item] = factor * shifts;
        }
    }
}
