using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class ForgetVectorGradientKernelTests
{
    public static TheoryData<int, int, ForgetVectorPenalty> Shapes => ForgetVectorStepCase.Shapes;

    /// <summary>The whole step; <paramref name="slices"/> as many as rows leaves the first half out.</summary>
    private static (float[] Delta, float[] Momentum) Kernels(ForgetVectorStepCase c, int slices, int wide, int threads = 64)
    {
        int offset = wide != 0 ? 4 : 1, elements = c.Elements, rows = c.Rows;
        using var gradient = new SimulatedArray<float>([.. new float[offset], .. c.Gradient, 9]);
        using var sums = new SimulatedArray<float>(slices * elements + offset + 1);
        using var squares = new SimulatedArray<float>(5);
        using var delta = new SimulatedArray<float>([9, .. c.Delta, 9]);
        using var momentum = new SimulatedArray<float>([9, .. c.Momentum, 9]);
        ArrayView<float> vg = gradient.View.SubView(offset, rows * elements), vs = sums.View.SubView(offset, slices * elements), none = ArrayView<float>.Empty;
        ArrayView<float> vd = delta.View.SubView(1, elements), vm = momentum.View.SubView(1, elements), vq = c.Step.Penalty == ForgetVectorPenalty.Reference ? squares.View : none;
        if (slices != rows)
            KernelSimulator.Run(new(2, threads), () => BatchSums.Kernel(vg, vs, rows, elements, slices, wide));
        else
            vs = vg;
        Assert.True(float.IsNaN(sums.Span[offset - 1]) && float.IsNaN(sums.Span[^1]));
        if (vq.Length > 0)
            KernelSimulator.Run(new(2, threads), () => InputSensitivity.FloatKernel(vd, none, vq, none, none, 1, elements, 5, 0));
        var (_, lambda, rate, mu, decay) = c.Step;
        KernelSimulator.Run(new(2, threads), () => ForgetVectorGradient.StepKernel(vs, vq, vd, vm, rows, slices, lambda, rate, mu, decay));
        Assert.Equal((9f, 9f, 9f, 9f), (delta.Span[0], delta.Span[^1], momentum.Span[0], momentum.Span[^1]));
        return (delta.Span[1..^1].ToArray(), momentum.Span[1..^1].ToArray());
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithFloat64(int rows, int elements, ForgetVectorPenalty penalty)
    {
        var c = new ForgetVectorStepCase(rows, elements, penalty);
        foreach (int slices in rows > 4 ? new[] { 9, rows } : [rows])
        {
            var (delta, momentum) = Kernels(c, slices, 0);
            c.Agrees(delta, momentum, rows, elements / 64 + 20);
            if (elements % 4 == 0 && slices != rows)
                Assert.Equal(Kernels(c, slices, 0), Kernels(c, slices, 1), (a, b) => a.Delta.SequenceEqual(b.Delta) && a.Momentum.SequenceEqual(b.Momentum));
        }
    }

    [Fact]
    public void WideAccessesGiveTheSameBits()
    {
        foreach (var (rows, elements) in new[] { (70, 100), (7, 8), (64, 4) })
        {
            var c = new ForgetVectorStepCase(rows, elements, ForgetVectorPenalty.Squared);
            var (delta, momentum) = Kernels(c, 5, 0);
            var wide = Kernels(c, 5, 1);
            Assert.Equal(delta, wide.Delta);
            Assert.Equal(momentum, wide.Momentum);
            c.Agrees(delta, momentum, rows);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(256)]
    public void AnyNumberOfWarpsWillDo(int threads)
    {
        var c = new ForgetVectorStepCase(50, 70, ForgetVectorPenalty.Reference);
        var (delta, momentum) = Kernels(c, 50, 0, threads);
        c.Agrees(delta, momentum, 50, 20);
    }

    [Fact]
    public void NoVectorHasNoPenaltyOfItsNorm()
    {
        var c = new ForgetVectorStepCase(3, 40, ForgetVectorPenalty.Reference);
        c.Delta.AsSpan().Clear();
        var (delta, momentum) = Kernels(c, 3, 0);
        c.Agrees(delta, momentum, 3);
    }

    [Fact]
    public void NotANumberAndInfinityStayInTheirColumn()
    {
        var c = new ForgetVectorStepCase(70, 40, ForgetVectorPenalty.Squared);
        c.Gradient[10 * 40 + 3] = float.NaN;
        c.Gradient[20 * 40 + 5] = float.PositiveInfinity;
        var (delta, momentum) = Kernels(c, 9, 1);
        Assert.Equal([3], Enumerable.Range(0, 40).Where(i => float.IsNaN(delta[i])));
        Assert.Equal([5], Enumerable.Range(0, 40).Where(i => float.IsPositiveInfinity(momentum[i])));
        c.Agrees(delta, momentum, 70);
    }

    /// <summary>50,000 rows of 50,000 numbers: the last slice, of the last eight rows, and its last columns.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void FirstHalfReachesTheLastRowBeyondTwoToThe31(int wide)
    {
        const int rows = 50_000, elements = 50_000, slices = 6250, group = 256;
        const long total = (long)rows * elements;
        long pieces = (long)slices * (wide != 0 ? elements / 4 : elements);
        int tail = (int)(pieces % group) * (wide != 0 ? 4 : 1), groups = (int)(pieces / group) + 1;
        float[] last = Samples.Uniform(7 * elements + tail, 6);
        using var gradient = SimulatedArray<float>.Window(total, total - last.Length, last);
        using var sums = SimulatedArray<float>.Window((long)slices * elements, (long)slices * elements - tail, new float[tail]);
        KernelSimulator.Run(new(groups, group), () => BatchSums.Kernel(gradient.View, sums.View, rows, elements, slices, wide), [new Index3D(groups - 1, 0, 0)]);
        for (int i = 0; i < tail; i++)
            Near.Equal(Enumerable.Range(0, 8).Sum(n => (double)last[n * elements + i]), sums.Span[i], 8 * 8 * Near.Rounding);
    }

    /// <summary>The rows summed without a first half: 2.5e9 numbers, a column of 32 at the end.</summary>
    [Fact]
    public void SecondHalfReachesTheLastColumnBeyondTwoToThe31()
    {
        const long elements = 2_500_000_000;
        const int tiles = 78_125_000;
        float[] last = Samples.Uniform(32, 7);
        using var gradient = SimulatedArray<float>.Window(elements, elements - 32, last);
        using var delta = SimulatedArray<float>.Window(elements, elements - 32, new float[32]);
        using var momentum = SimulatedArray<float>.Window(elements, elements - 32, new float[32]);
        KernelSimulator.Run(new(tiles, 64), () => ForgetVectorGradient.StepKernel(gradient.View, ArrayView<float>.Empty, delta.View, momentum.View, 1, 1, 0, 0.5f, 0, 0),
            [new Index3D(tiles - 1, 0, 0)]);
        Assert.Equal(last, momentum.Span.ToArray());
        Assert.Equal(last.Select(value => 0 - 0.5f * value), delta.Span.ToArray());
    }
}
