using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class L2PgdStartKernelTests
{
    [Theory]
    [InlineData(0, 5), InlineData(3, 0), InlineData(1, 1), InlineData(3, 2), InlineData(2, 3), InlineData(4, 4), InlineData(2, 33), InlineData(2, 256), InlineData(2, 300)]
    public void DrawsProjectsAndClamps(int samples, int elements)
    {
        float[] images = L2PgdStartTests.Images(samples, elements);
        foreach (bool wide in elements % 4 == 0 ? new[] { false, true } : [false])
            foreach (float epsilon in new[] { 0.5f, 100f })
            {
                int offset = wide ? 4 : 1;
                using var x = new SimulatedArray<float>([.. new float[offset], .. images]);
                using var d = new SimulatedArray<float>([.. Enumerable.Repeat(9f, offset), .. new float[images.Length], 9]);
                ArrayView<float> vx = x.View.SubView(offset), vd = d.View.SubView(offset, images.Length);
                KernelSimulator.Run(new(3, 64), () => L2PgdStart.Kernel(vx, vd, samples, elements, epsilon, (long)L2PgdStartTests.Seed, L2PgdStartTests.Purpose, L2PgdStartTests.FirstRow, wide ? 1 : 0));
                Assert.Equal((9f, 9f), (d.Span[offset - 1], d.Span[^1]));
                L2PgdStartTests.ExpectFormula(images, d.Span[offset..^1].ToArray(), samples, elements, epsilon);
            }
    }

    /// <summary>A million images of 3,000, of which only the last one has memory.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ReachesTheLastSampleBeyondTwoToThe31(int wide)
    {
        const int samples = 1_000_000, elements = 3000;
        const long total = (long)samples * elements;
        float[] last = L2PgdStartTests.Images(1, elements);
        using var images = SimulatedArray<float>.Window(total, total - elements, last);
        using var delta = SimulatedArray<float>.Window(total, total - elements, new float[elements]);
        KernelSimulator.Run(new(samples, 64),
            () => L2PgdStart.Kernel(images.View, delta.View, samples, elements, 1, (long)L2PgdStartTests.Seed, L2PgdStartTests.Purpose, L2PgdStartTests.FirstRow - samples + 1, wide),
            [new Index3D(samples - 1, 0, 0)]);
        L2PgdStartTests.ExpectFormula(last, delta.Span.ToArray(), 1, elements, 1);
    }
}
