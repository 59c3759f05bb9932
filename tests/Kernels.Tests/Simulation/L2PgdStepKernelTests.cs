using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class L2PgdStepKernelTests
{
    public static TheoryData<int, int> Shapes => L2PgdCase.Shapes;

    // Odd offsets, or multiples of 16 bytes where the kernel shall load as much at once.
    private static float[] Kernel(L2PgdCase c, int groups, int threads, bool wide)
    {
        int offset = wide ? 4 : 3;
        using var images = new SimulatedArray<float>([.. new float[offset], .. c.Images]);
        using var gradient = new SimulatedArray<float>([.. new float[wide ? 8 : 1], .. c.Gradient]);
        using var delta = new SimulatedArray<float>([.. Enumerable.Repeat(9f, offset), .. c.Delta, 9]);
        ArrayView<float> x = images.View.SubView(offset), g = gradient.View.SubView(wide ? 8 : 1), d = delta.View.SubView(offset, c.Delta.Length);
        KernelSimulator.Run(new(groups, threads), () => L2PgdStep.Kernel(x, g, d, c.Samples, c.Elements, L2PgdCase.StepSize, L2PgdCase.Epsilon, wide ? 1 : 0));
        Assert.All(delta.Span[..offset].ToArray(), guard => Assert.Equal(9, guard));
        Assert.Equal(9, delta.Span[^1]);
        return delta.Span[offset..^1].ToArray();
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheFormulaAndRepeats(int samples, int elements)
    {
        var c = new L2PgdCase(samples, elements);
        foreach (var (groups, threads) in new[] { (3, 64), (1, 32) })
            foreach (bool wide in elements % 4 == 0 ? new[] { false, true } : [false])
            {
                float[] result = Kernel(c, groups, threads, wide);
                // A thread's own squares and sums, then two trees of five levels; the root halves it.
                c.ExpectFormula(result, (elements / threads + 12) / 2.0);
                if (elements < 300)
                    Assert.Equal(result, Kernel(c, groups, threads, wide));
            }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SpecialValuesSpoilTheirSampleOnly(bool wide) => L2PgdCase.ExpectSpecials(Kernel(L2PgdCase.WithSpecials(), 3, 64, wide));

    /// <summary>A million images of 3,000, of which only the last one has memory.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ReachesTheLastSampleBeyondTwoToThe31(int wide)
    {
        const int samples = 1_000_000, elements = 3000;
        const long total = (long)samples * elements;
        var c = new L2PgdCase(1, elements);
        using var images = SimulatedArray<float>.Window(total, total - elements, c.Images);
        using var gradient = SimulatedArray<float>.Window(total, total - elements, c.Gradient);
        using var delta = SimulatedArray<float>.Window(total, total - elements, c.Delta);
        KernelSimulator.Run(new(samples, 64), () => L2PgdStep.Kernel(images.View, gradient.View, delta.View, samples, elements, L2PgdCase.StepSize, L2PgdCase.Epsilon, wide),
            [new Index3D(samples - 1, 0, 0)]);
        c.ExpectFormula(delta.Span.ToArray(), elements / 128.0 + 6);
    }
}
