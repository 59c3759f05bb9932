using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernels do the CPU path's operations in its order, so they must agree to the bit.</summary>
public sealed class ForgetVectorApplicationKernelTests
{
    private const float None = float.PositiveInfinity;

    public static TheoryData<int, int, int, bool> Shapes => ForgetVectorCase.Shapes;

    /// <summary>The kernel on views that begin one element into their memory, or four for wide accesses, whose ends must stay as they were.</summary>
    private static float[] Kernel(ForgetVectorCase c, int wide)
    {
        int offset = wide != 0 ? 4 : 1;
        using var x = new SimulatedArray<float>([.. new float[offset], .. c.X, 9]);
        using var delta = new SimulatedArray<float>([.. new float[offset], .. c.Delta]);
        using var weights = new SimulatedArray<float>([9, .. c.Weights]);
        using var y = new SimulatedArray<float>(c.X.Length + offset + 1);
        ArrayView<float> vx = x.View.SubView(offset, c.X.Length), vd = delta.View.SubView(offset), vw = weights.View.SubView(1), vy = y.View.SubView(offset, c.X.Length), none = ArrayView<float>.Empty;
        var (samples, elements, vectors, _) = c.Shape;
        KernelSimulator.Run(new(3, 64), () => ForgetVectorApplication.FloatToFloat(vx, vd, vw, none, none, vy, samples, elements, vectors, 1, c.Low, c.High, wide));
        Assert.True(float.IsNaN(y.Span[offset - 1]) && float.IsNaN(y.Span[^1]));
        return y.Span[offset..^1].ToArray();
    }

    private static void AgreesWithCpu(ForgetVectorCase c)
    {
        Assert.Equal(c.Cpu(), Kernel(c, 0));
        if (c.Shape.Elements % 4 == 0)
            Assert.Equal(c.Cpu(), Kernel(c, 1));
    }

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
        var c = new ForgetVectorCase(5, 332, 3, perSample: false, low: 0, high: 1);
        using var x = new SimulatedArray<float>(c.X);
        using var delta = new SimulatedArray<float>(c.Delta);
        using var weights = new SimulatedArray<float>(c.Weights);
        ArrayView<float> none = ArrayView<float>.Empty;
        KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.FloatToFloat(x.View, delta.View, weights.View, none, none, x.View, 5, 332, 3, 1, 0, 1, 1));
        Assert.Equal(c.Cpu(), x.Span.ToArray());
    }

    /// <summary>50,001 images of 50,000 numbers, 2.5e9 in all: the last of the bands of four images holds one image, of whose end alone there is memory.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void ReachesTheLastSampleBeyondTwoToThe31(bool perSample, int wide)
    {
        const int samples = 50_001, elements = 50_000, group = 256;
        const long total = (long)samples * elements;
        int size = wide != 0 ? 4 : 1;
        long pieces = (samples + 3) / 4L * (elements / size);
        int groups = (int)(pieces / group) + 1, tail = (int)(pieces % group) * size;
        float[] last = Samples.Uniform(tail, 6), shift = Samples.Uniform(tail, 7);
        using var x = SimulatedArray<float>.Window(total, total - tail, last);
        using var y = SimulatedArray<float>.Window(total, total - tail, new float[tail]);
        using var delta = SimulatedArray<float>.Window(elements, elements - tail, shift);
        using var weights = SimulatedArray<float>.Window(perSample ? samples : 1, perSample ? samples - 1 : 0, [0.5f]);
        ArrayView<float> none = ArrayView<float>.Empty;
        KernelSimulator.Run(new(groups, group), () => ForgetVectorApplication.FloatToFloat(x.View, delta.View, weights.View, none, none, y.View, samples, elements, 1, 1, -None, None, wide),
            [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(last.Select((value, i) => value + 0.5f * shift[i]), y.Span.ToArray());
    }

    [Fact]
    public void ReachesTheLastElementOfAnImageBeyondTwoToThe31()
    {
        const long elements = 3_000_000_000;
        const int groups = 11_718_750;
        float[] last = Samples.Uniform(256, 8), shift = Samples.Uniform(256, 9);
        using var x = SimulatedArray<float>.Window(elements, elements - 256, last);
        using var y = SimulatedArray<float>.Window(elements, elements - 256, new float[256]);
        using var delta = SimulatedArray<float>.Window(elements, elements - 256, shift);
        using var weights = new SimulatedArray<float>([1f]);
        ArrayView<float> none = ArrayView<float>.Empty;
        KernelSimulator.Run(new(groups, 256), () => ForgetVectorApplication.FloatToFloat(x.View, delta.View, weights.View, none, none, y.View, 1, elements, 1, 1, -None, None, 0),
            [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(last.Select((value, i) => value + shift[i]), y.Span.ToArray());
    }
}
