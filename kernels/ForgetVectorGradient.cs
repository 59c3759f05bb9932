using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>
/// One step of the forget vector from the input gradient of a batch:
/// <code>
/// d = sum_n g[n] + lambda p + decay delta    p = 2 delta (squared), or delta / (||delta||_2 N), 0 where the norm is 0 (norm)
/// m = mu m + d
/// delta = delta - rate m
/// </code>
/// g [N,D], the gradient of the data terms, already weighed; delta, m [D]; all float32, in place in delta and m. m is zero before the first step.
/// The sum over the batch is taken in two halves (<see cref="BatchSums"/> and here) in a fixed order, the second in float64 on the CPU.
/// A norm that is not a number counts as 0, as in the comparison of the tensor library's where.
/// <para>Moves 4 N D bytes, plus 16 D of the step.</para>
/// </summary>
public static unsafe class ForgetVectorGradient
{
    /// <summary>The step on the CPU. The arrays must not overlap.</summary>
    public static void Cpu(float* gradient, float* delta, float* momentum, long samples, long elements, ForgetVectorStep step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        long slices = BatchSums.CpuSlices(samples, elements);
        var sums = (double*)NativeMemory.Alloc((nuint)(slices * elements), sizeof(double));
        try
        {
            BatchSums.Cpu(gradient, sums, samples, elements, slices);
            float squares = 0;
            if (step.Penalty == ForgetVectorPenalty.Reference)
                InputSensitivity.Cpu(delta, &squares, 1, elements);
            var (weight, factor, divisor) = Penalty(step.Penalty == ForgetVectorPenalty.Reference ? 1 : 0, squares, step.Lambda, samples);
            Blocks.Run(elements, (first, count) => Update(sums + first, elements, slices, delta + first, momentum + first, count, weight, factor, divisor, step));
        }
        finally
        {
            NativeMemory.Free(sums);
        }
    }

    /// <inheritdoc cref="Cpu(float*, float*, float*, long, long, ForgetVectorStep)"/>
    /// <exception cref="ArgumentException">A length does not fit, or arrays overlap.</exception>
    public static void Cpu(ReadOnlySpan<float> gradient, Span<float> delta, Span<float> momentum, ForgetVectorStep step)
    {
        Lengths.Require(momentum.Length, delta.Length, nameof(momentum));
        long samples = delta.Length == 0 ? 0 : gradient.Length / delta.Length;
        Lengths.Require(gradient.Length, samples * delta.Length, nameof(gradient));
        if (gradient.Overlaps(delta) || gradient.Overlaps(momentum) || delta.Overlaps(momentum))
            throw new ArgumentException("The gradient, the forget vector and its momentum must not overlap.", nameof(gradient));
        fixed (float* g = gradient, d = delta, m = momentum)
            Cpu(g, d, m, samples, delta.Length, step);
    }

    private static void Update(double* sums, long stride, long slices, float* delta, float* momentum, long count, float weight, float factor, float divisor, ForgetVectorStep step)
    {
        int width = Vector<double>.Count;
        Vector<float> weights = new(weight), factors = new(factor), divisors = new(divisor), decay = new(step.WeightDecay), mu = new(step.Momentum), rate = new(step.LearningRate);
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<double> a = Vector.Load(sums + i), b = Vector.Load(sums + i + width);
            for (long p = 1; p < slices; p++)
            {
                a += Vector.Load(sums + p * stride + i);
                b += Vector.Load(sums + p * stride + i + width);
            }
            Vector<float> d = Vector.Narrow(a, b), value = Vector.Load(delta + i);
            if (weight != 0)
                d += weights * (factors * value / divisors);
            d += decay * value;
            d = mu * Vector.Load(momentum + i) + d;
            d.Store(momentum + i);
            (value - rate * d).Store(delta + i);
        }
        for (; i < count; i++)
        {
            double sum = sums[i];
            for (long p = 1; p < slices; p++)
                sum += sums[p * stride + i];
            float d = Direction((float)sum, delta[i], weight, factor, divisor, step.WeightDecay);
            momentum[i] = d = step.Momentum * momentum[i] + d;
            delta[i] -= step.LearningRate * d;
        }
    }

    /// <summary>
    /// The rest on the GPU. A warp takes 32 columns and its share of the slices, and the group's first warp adds the shares in the warps' order and
    /// makes the step.
    /// </summary>
    /// <param name="sums">[P,D] of <see cref="BatchSums.Kernel"/>, or the gradient itself.</param>
    /// <param name="squares">Partial sums of delta's squares, of any number, for the penalty by the norm; empty for the squared one.</param>
    /// <param name="delta">[D].</param>
    /// <param name="momentum">[D].</param>
    /// <param name="samples">N.</param>
    /// <param name="slices">P.</param>
    /// <param name="lambda">Weight of the penalty.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="mu">Momentum.</param>
    /// <param name="decay">Weight decay.</param>
    [DeviceKernel]
    public static void StepKernel(ArrayView<float> sums, ArrayView<float> squares, ArrayView<float> delta, ArrayView<float> momentum, long samples, long slices,
        float lambda, float rate, float mu, float decay)
    {
        const int MaxWarps = 32, Lanes = 32;
        ArrayView<float> shares = SharedMemory.Allocate<float>(MaxWarps * Lanes);
        float part = 0;
        for (long s = Group.IdxX; s < squares.Length; s += Group.DimX)
            part += squares[s];
        float total = squares.Length > 0 ? GroupSum.InAllThreads(part) : 0;
        var (weight, factor, divisor) = Penalty(squares.Length, total, lambda, samples);
        int warps = Group.DimX / Lanes;
        for (long tile = Grid.IdxX; tile * Lanes < delta.Length; tile += Grid.DimX)
        {
            long i = tile * Lanes + Warp.LaneIdx;
            float sum = 0;
            if (i < delta.Length)
                for (long p = Warp.WarpIdx; p < slices; p += warps)
                    sum += sums[p * delta.Length + i];
            shares[Warp.WarpIdx * Lanes + Warp.LaneIdx] = sum;
            Group.Barrier();
            if (Warp.WarpIdx == 0 && i < delta.Length)
            {
                for (int warp = 1; warp < warps; warp++)
                    sum += shares[warp * Lanes + Warp.LaneIdx];
                float d = mu * momentum[i] + Direction(sum, delta[i], weight, factor, divisor, decay);
                momentum[i] = d;
                delta[i] -= rate * d;
            }
            Group.Barrier(); // the next tile's shares must not meet this one's readers
        }
    }

    // The penalty's gradient is weight * (factor * delta / divisor); no weight means none, whatever delta is.
    private static (float Weight, float Factor, float Divisor) Penalty(long byNorm, float squares, float lambda, long samples)
    {
        if (byNorm == 0)
            return (lambda, 2, 1);
        float norm = XMath.Sqrt(squares);
        return (norm > 0 ? lambda : 0, 1, norm * samples);
    }

    private static float Direction(float sum, float delta, float weight, float factor, float divisor, float decay)
    {
        if (weight != 0)
            sum += weight * (factor * delta / divisor);
        return sum + decay * delta;
    }
}
