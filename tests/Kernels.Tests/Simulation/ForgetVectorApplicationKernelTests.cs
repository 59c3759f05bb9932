using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernels do the CPU path's operations in its order, so they must agree to the bit.</summary>
public sealed class ForgetVectorApplicationKernelTests
{
    private const float None = float.PositiveInfinity;

    public static TheoryData<int, int, int, bool> Shapes => ForgetVectorCase.Shapes;

    /// <summary>The kernel on views that begin one element into their memory, whose ends must stay as they were.</summary>
    private static float[] Kernel(ForgetVectorCase c)
    {
        using var x = new SimulatedArray<float>([9, .. c.X, 9]);
        using var delta = new SimulatedArray<float>([9, .. c.Delta]);
        using var weights = new SimulatedArray<float>([9, .. c.Weights]);
        using var y = new SimulatedArray<float>(c.X.Length + 2);
        ArrayView<float> vx = x.View.SubView(1, c.X.Length), vd = delta.View.SubView(1), vw = weights.View.SubView(1), vy = y.View.SubView(1, c.X.Length);
        var (samples, elements, vectors, perSample) = c.Shape;
        var config = new KernelConfig(new Index2D(2, 2), new Index2D(64, 1));
        if (perSample)
            KernelSimulator.Run(config, () => ForgetVectorApplication.SampleWeightsKernel(vx, vd, vw, vy, samples, elements, vectors, c.Low, c.High));
        else
            KernelSimulator.Run(config, () => ForgetVectorApplication.SharedWeightsKernel(vx, vd, vw, vy, samples, elements, vectors, c.Low, c.High));
        Assert.True(float.IsNaN(y.Span[0]) && float.IsNaN(y.Span[^1]));
        return y.Span[1..^1].ToArray();
    }

    private static void AgreesWithCpu(ForgetVectorCase c) => Assert.Equal(c.Cpu(), Kernel(c));

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesOnAllShapes(int samples, int elements, int vectors, bool perSample) => AgreesWithCpu(new(samples, elements, vectors, perSample));

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithClamp(int samples, int elements, int vectors, bool perSample) => AgreesWithCpu(new(samples, elements, vectors, perSample, low: 0, high: 1));

    [Theory]
    [InlineData(1, false, -None, None)]
    [InlineData(3, false, -None, None)]
    [InlineData(3, true, 0f, 1f)]
    public void AgreesOnSpecialValues(int vectors, bool perSample, float low, float high) =>
        AgreesWithCpu(new(4, 200, vectors, perSample, specials: true, low, high));

    [Fact]
    public void ResultMayReplaceTheImages()
    {
        var c = new ForgetVectorCase(5, 333, 3, perSample: false, low: 0, high: 1);
        using var x = new SimulatedArray<float>(c.X);
        using var delta = new SimulatedArray<float>(c.Delta);
        using var weights = new SimulatedArray<float>(c.Weights);
        KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, x.View, 5, 333, 3, 0, 1));
        Assert.Equal(c.Cpu(), x.Span.ToArray());
    }

    /// <summary>50,000 images of 50,000 numbers: 2.5e9 elements, of which only the last row's end has memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KernelReachesTheLastSampleBeyondTwoToThe31(bool perSample)
    {
        const int samples = 50_000, elements = 50_000, group = 256; // the last group along x covers 80 columns
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(80, 6), shift = Samples.Uniform(80, 7);
        using var x = SimulatedArray<float>.Window(total, total - 80, last);
        using var y = SimulatedArray<float>.Window(total, total - 80, new float[80]);
        using var delta = SimulatedArray<float>.Window(elements, elements - 80, shift);
        using var weights = SimulatedArray<float>.Window(perSample ? samples : 1, perSample ? samples - 1 : 0, [0.5f]);
        var config = new KernelConfig(new Index2D((elements + group - 1) / group, samples), new Index2D(group, 1));
        Index3D[] lastGroup = [new(config.GridDim.X - 1, samples - 1, 0)];
        if (perSample)
            KernelSimulator.Run(config, () => ForgetVectorApplication.SampleWeightsKernel(x.View, delta.View, weights.View, y.View, samples, elements, 1, -None, None), lastGroup);
        else
            KernelSimulator.Run(config, () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, y.View, samples, elements, 1, -None, None), lastGroup);
        Assert.Equal(last.Select((value, i) => value + 0.5f * shift[i]), y.Span.ToArray());
    }

    [Fact]
    public void KernelReachesTheLastElementOfAnImageBeyondTwoToThe31()
    {
        const long elements = 3_000_000_000;
        const int groups = 11_718_750;
        float[] last = Samples.Uniform(256, 8), shift = Samples.Uniform(256, 9);
        using var x = SimulatedArray<float>.Window(elements, elements - 256, last);
        using var y = SimulatedArray<float>.Window(elements, elements - 256, new float[256]);
        using var delta = SimulatedArray<float>.Window(elements, elements - 256, shift);
        using var weights = new SimulatedArray<float>([1f]);
        KernelSimulator.Run(new(groups, 256), () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, y.View, 1, elements, 1, -None, None),
            [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(last.Select((value, i) => value + shift[i]), y.Span.ToArray());
    }
}
