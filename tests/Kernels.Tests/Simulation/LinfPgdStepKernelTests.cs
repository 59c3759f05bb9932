using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernel does the CPU path's operations in its order, so they must agree to the bit.</summary>
public sealed class LinfPgdStepKernelTests
{
    private const float StepSize = LinfPgdStepTests.StepSize, Epsilon = LinfPgdStepTests.Epsilon;

    private static float[] Kernel((float[] Images, float[] Gradient, float[] Adversarial) c, bool wide)
    {
        int offset = wide ? 4 : 1, count = c.Images.Length;
        using var images = new SimulatedArray<float>([.. new float[offset + 2 * (offset & 1)], .. c.Images]);
        using var gradient = new SimulatedArray<float>([.. new float[offset], .. c.Gradient]);
        using var adversarial = new SimulatedArray<float>([.. Enumerable.Repeat(9f, offset), .. c.Adversarial, 9]);
        ArrayView<float> x = images.View.SubView(offset + 2 * (offset & 1)), g = gradient.View.SubView(offset), a = adversarial.View.SubView(offset, count);
        KernelSimulator.Run(new(3, 64), () => LinfPgdStep.Kernel(x, g, a, StepSize, Epsilon, wide ? 1 : 0));
        Assert.All(adversarial.Span[..offset].ToArray(), guard => Assert.Equal(9, guard));
        Assert.Equal(9, adversarial.Span[^1]);
        return adversarial.Span[offset..^1].ToArray();
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(7), InlineData(31), InlineData(32), InlineData(33), InlineData(255), InlineData(256), InlineData(257), InlineData(3073)]
    public void AgreesOnAllSizes(int count)
    {
        var c = LinfPgdStepTests.Case(count);
        foreach (bool wide in new[] { false, true })
            Assert.Equal(LinfPgdStepTests.Cpu(c), Kernel(c, wide));
    }

    [Fact]
    public void AgreesOnSpecialValues()
    {
        var c = LinfPgdStepTests.Case(303, specials: true);
        foreach (bool wide in new[] { false, true })
            Assert.Equal(LinfPgdStepTests.Cpu(c), Kernel(c, wide));
    }

    /// <summary>Three billion pixels and three, of which only the last ones have memory.</summary>
    [Theory]
    [InlineData(0, 11_718_751)]
    [InlineData(1, 2_929_688)]
    public void ReachesTheLastPixelBeyondTwoToThe31(int wide, int groups)
    {
        // The last group's first elements: 256 of one, or 256 of four, and with wide loads the three that are left over, which the first group takes.
        const long pixels = 3_000_000_003;
        long first = wide == 1 ? (groups - 1) * 1024L : (groups - 1) * 256L;
        var c = LinfPgdStepTests.Case((int)(pixels - first));
        using var images = SimulatedArray<float>.Window(pixels, first, c.Images);
        using var gradient = SimulatedArray<float>.Window(pixels, first, c.Gradient);
        using var adversarial = SimulatedArray<float>.Window(pixels, first, c.Adversarial);
        KernelSimulator.Run(new(groups, 256), () => LinfPgdStep.Kernel(images.View, gradient.View, adversarial.View, StepSize, Epsilon, wide), [new Index3D(groups - 1, 0, 0)]);
        float[] expected = LinfPgdStepTests.Cpu(c);
        if (wide == 1)
            c.Adversarial.AsSpan(expected.Length - 3).CopyTo(expected.AsSpan(expected.Length - 3));
        Assert.Equal(expected, adversarial.Span.ToArray());
    }
}
