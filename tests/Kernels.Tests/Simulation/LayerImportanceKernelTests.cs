using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The layers' kernels with their merging, against the formula and its bound, which hold for the CPU paths too.</summary>
public sealed class LayerImportanceKernelTests
{
    public static TheoryData<int, ImportanceMeasure> Convolutions => ConvolutionCase.Cases;

    public static TheoryData<int, int, int, ImportanceMeasure> LinearCases => LinearImportanceTests.Cases;

    public static TheoryData<int, int, int, ImportanceMeasure> AffineCases => AffineImportanceTests.Cases;

    private static int Number(ImportanceMeasure measure) => measure == ImportanceMeasure.Squared ? 1 : 0;

    // Slices beyond what the host would take are right too, as long as none is empty.
    private static int[] Slices(long samples) => [.. new[] { 1, (int)samples }.Distinct().Where(s => s > 0)];

    private static float[] Merge(SimulatedArray<float> partial, long first, long stride, int slices, float[] omega)
    {
        Assert.True(float.IsNaN(partial.Span[0]) && float.IsNaN(partial.Span[^1]));
        using var sum = new SimulatedArray<float>([9, .. omega, 9]);
        ArrayView<float> parts = partial.View.SubView(1 + first, partial.View.Length - 2 - first), vo = sum.View.SubView(1, omega.Length);
        KernelSimulator.Run(new(2, 64), () => SampleSlices.MergeKernel(parts, vo, stride, slices));
        Assert.Equal((9f, 9f), (sum.Span[0], sum.Span[^1]));
        return sum.Span[1..^1].ToArray();
    }

    private static float[] Convolution(float[] input, float[] gradient, float[] omega, ConvolutionShape shape, int slices, int groups, ImportanceMeasure measure)
    {
        using var x = new SimulatedArray<float>([9, .. input]);
        using var d = new SimulatedArray<float>([9, 9, 9, .. gradient, 9]);
        using var partial = new SimulatedArray<float>((int)(slices * shape.Weights) + 2);
        using var geometry = new SimulatedArray<int>(shape.Geometry());
        ArrayView<float> vx = x.View.SubView(1), vd = d.View.SubView(3, gradient.Length), parts = partial.View.SubView(1, slices * shape.Weights);
        KernelSimulator.Run(new(groups, 64), () => ConvolutionImportance.Kernel(vx, vd, parts, geometry.View, shape.Samples, slices, ConvolutionCase.Scale, Number(measure)));
        return Merge(partial, 0, shape.Weights, slices, omega);
    }

    [Theory, MemberData(nameof(Convolutions))]
    public void ConvolutionAgreesWithTheFormula(int index, ImportanceMeasure measure)
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[index];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        var exact = ConvolutionCase.Exact(input, gradient, omega, shape, measure);
        foreach (int slices in Slices(shape.Samples))
            ConvolutionCase.Expect(exact, Convolution(input, gradient, omega, shape, slices, 3, measure));
    }

    [Fact]
    public void ConvolutionRepeatsOnEveryGrid()
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[6];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        Assert.Equal(Convolution(input, gradient, omega, shape, 2, 1, ImportanceMeasure.Absolute), Convolution(input, gradient, omega, shape, 2, 7, ImportanceMeasure.Absolute));
    }

    [Fact]
    public void ConvolutionTakesNotANumberAndInfinityWhereTheFormulaDoes()
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[6];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        input[shape.InputSize / 2] = float.PositiveInfinity;
        input[shape.InputSize + 1] = float.NaN;
        gradient[shape.OutputSize - 1] = float.NegativeInfinity;
        var exact = ConvolutionCase.Exact(input, gradient, omega, shape, ImportanceMeasure.Absolute);
        ConvolutionCase.Expect(exact, Convolution(input, gradient, omega, shape, 1, 2, ImportanceMeasure.Absolute));
    }

    /// <summary>Forty million images in as many slices, of which only the last image and its slice have memory.</summary>
    [Fact]
    public void ConvolutionReachesTheLastSampleBeyondTwoToThe31()
    {
        var shape = new ConvolutionShape(40_000_000, 1, 8, 8, 8, 3, 3, PaddingY: 1, PaddingX: 1);
        ConvolutionShape one = shape with { Samples = 1 };
        var (input, gradient, omega) = ConvolutionCase.Numbers(one);
        int slices = (int)shape.Samples;
        Assert.Equal(1, ConvolutionImportance.Tiles(shape));
        using var x = SimulatedArray<float>.Window(shape.Samples * shape.InputSize, (shape.Samples - 1) * shape.InputSize, input);
        using var d = SimulatedArray<float>.Window(shape.Samples * shape.OutputSize, (shape.Samples - 1) * shape.OutputSize, gradient);
        using var partial = SimulatedArray<float>.Window(slices * shape.Weights, (slices - 1) * shape.Weights, new float[shape.Weights]);
        using var geometry = new SimulatedArray<int>(shape.Geometry());
        KernelSimulator.Run(new(slices, 64), () => ConvolutionImportance.Kernel(x.View, d.View, partial.View, geometry.View, shape.Samples, slices, ConvolutionCase.Scale, 0),
            [new Index3D(slices - 1, 0, 0)]);
        ConvolutionCase.Expect(ConvolutionCase.Exact(input, gradient, new float[omega.Length], one, ImportanceMeasure.Absolute), partial.Span);
    }

    [Theory, MemberData(nameof(LinearCases))]
    public void LinearAgreesWithTheFormula(int samples, int inputs, int outputs, ImportanceMeasure measure)
    {
        var (input, gradient, omega, bias) = LinearImportanceTests.Numbers(samples, inputs, outputs);
        using var x = new SimulatedArray<float>([9, .. input, 9]);
        using var d = new SimulatedArray<float>([9, 9, 9, .. gradient, 9]);
        ArrayView<float> vx = x.View.SubView(1, input.Length), vd = d.View.SubView(3, gradient.Length);
        foreach (int slices in Slices(Math.Min(samples, 3)))
        {
            using var partial = new SimulatedArray<float>(slices * inputs * outputs + 2);
            ArrayView<float> parts = partial.View.SubView(1, slices * inputs * outputs);
            KernelSimulator.Run(new(3, 64), () => LinearImportance.Kernel(vx, vd, parts, samples, inputs, outputs, slices, LinearImportanceTests.Scale, Number(measure)));
            ConvolutionCase.Expect(LinearImportanceTests.Exact(input, gradient, omega, samples, inputs, outputs, measure), Merge(partial, 0, inputs * outputs, slices, omega));
        }
        using var sums = new SimulatedArray<float>([9, .. bias, 9]);
        ArrayView<float> vb = sums.View.SubView(1, outputs);
        KernelSimulator.Run(new(2, 32), () => LinearImportance.BiasKernel(vd, vb, samples, LinearImportanceTests.Scale, Number(measure)));
        Assert.Equal((9f, 9f), (sums.Span[0], sums.Span[^1]));
        ConvolutionCase.Expect(LinearImportanceTests.ExactBias(gradient, bias, samples, outputs, measure), sums.Span[1..^1]);
    }

    /// <summary>50,000 samples of 50,000 inputs in as many slices, of which only the last sixteen inputs of the last sample have memory.</summary>
    [Fact]
    public void LinearReachesTheLastInputBeyondTwoToThe31()
    {
        const int samples = 50_000, inputs = 50_000;
        const long total = (long)samples * inputs;
        int groups = (int)(LinearImportance.Tiles(inputs, 1) * samples);
        float[] input = Samples.Uniform(16, 1), gradient = Samples.Uniform(1, 2);
        using var x = SimulatedArray<float>.Window(total, total - 16, input);
        using var d = SimulatedArray<float>.Window(samples, samples - 1, gradient);
        using var partial = SimulatedArray<float>.Window(total, total - 16, new float[16]);
        KernelSimulator.Run(new(groups, 64), () => LinearImportance.Kernel(x.View, d.View, partial.View, samples, inputs, 1, samples, 1, 0), [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(input.Select(v => MathF.Abs(gradient[0] * v)), partial.Span.ToArray());
    }

    [Theory, MemberData(nameof(AffineCases))]
    public void AffineAgreesWithTheFormula(int samples, int channels, int positions, ImportanceMeasure measure)
    {
        var numbers = AffineImportanceTests.Numbers.Of(samples, channels, positions);
        var (scale, shift) = AffineImportanceTests.Exact(numbers, samples, channels, positions, measure);
        using var mean = new SimulatedArray<float>(numbers.Mean);
        using var variance = new SimulatedArray<float>(numbers.Variance);
        int slices = Math.Clamp(samples, 1, 3);
        foreach (int wide in positions % 4 == 0 ? [0, 1] : (int[])[0])
        {
            // Before aligned numbers lie four others, before the rest one and three.
            using var x = new SimulatedArray<float>([.. wide == 1 ? [9, 9, 9] : Array.Empty<float>(), 9, .. numbers.Input, 9]);
            using var d = new SimulatedArray<float>([.. wide == 1 ? [9] : Array.Empty<float>(), 9, 9, 9, .. numbers.Gradient, 9]);
            using var partial = new SimulatedArray<float>(2 * slices * channels + 2);
            using var alone = new SimulatedArray<float>(slices * channels + 2);
            ArrayView<float> vx = x.View.SubView(1 + 3 * wide, numbers.Input.Length), vd = d.View.SubView(3 + wide, numbers.Gradient.Length);
            ArrayView<float> parts = partial.View.SubView(1, 2 * slices * channels), va = alone.View.SubView(1, slices * channels);
            KernelSimulator.Run(new(2, 64), () => AffineImportance.Kernel(vx, vd, mean.View, variance.View, parts, samples, positions, slices,
                AffineImportanceTests.Epsilon, AffineImportanceTests.Factor, Number(measure), wide));
            ConvolutionCase.Expect(scale, Merge(partial, 0, 2 * channels, slices, numbers.Scale));
            ConvolutionCase.Expect(shift, Merge(partial, channels, 2 * channels, slices, numbers.Shift));
            KernelSimulator.Run(new(3, 64), () => AffineImportance.ShiftKernel(vd, va, samples, channels, positions, slices, AffineImportanceTests.Factor, Number(measure), wide));
            ConvolutionCase.Expect(shift, Merge(alone, 0, channels, slices, numbers.Shift));
        }
    }

    /// <summary>50,000 samples of 50,000 positions, of which only the last one has memory.</summary>
    [Fact]
    public void AffineReachesTheLastSampleBeyondTwoToThe31()
    {
        const int samples = 50_000, positions = 50_000;
        const long total = (long)samples * positions;
        float[] ones = [.. Enumerable.Repeat(1f, positions)], halves = [.. Enumerable.Repeat(0.5f, positions)];
        using var x = SimulatedArray<float>.Window(total, total - positions, ones);
        using var d = SimulatedArray<float>.Window(total, total - positions, halves);
        using var mean = new SimulatedArray<float>([0]);
        using var variance = new SimulatedArray<float>([4]);
        using var partial = SimulatedArray<float>.Window(2 * samples, 2 * samples - 2, new float[2]);
        KernelSimulator.Run(new(samples, 64), () => AffineImportance.Kernel(x.View, d.View, mean.View, variance.View, partial.View, samples, positions, samples, 0, 1, 0, 1),
            [new Index3D(samples - 1, 0, 0)]);
        Assert.Equal([12_500f, 25_000f], partial.Span.ToArray());
        using var alone = SimulatedArray<float>.Window(samples, samples - 1, new float[1]);
        KernelSimulator.Run(new(samples, 64), () => AffineImportance.ShiftKernel(d.View, alone.View, samples, 1, positions, samples, 1, 1, 1), [new Index3D(samples - 1, 0, 0)]);
        Assert.Equal([25_000f * 25_000f], alone.Span.ToArray());
    }

    /// <summary>Three billion weights in groups of 256, of which only the last group's have memory.</summary>
    [Fact]
    public void MergingReachesTheLastWeightBeyondTwoToThe31()
    {
        const long weights = 3_000_000_000;
        const int groups = 11_718_750;
        float[] parts = Samples.Uniform(256, 7), before = Samples.Uniform(256, 8);
        using var partial = SimulatedArray<float>.Window(weights, weights - 256, parts);
        using var omega = SimulatedArray<float>.Window(weights, weights - 256, before);
        KernelSimulator.Run(new(groups, 256), () => SampleSlices.MergeKernel(partial.View, omega.View, weights, 1), [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(before.Zip(parts, (o, p) => o + p), omega.Span.ToArray());
    }

    [Theory]
    [InlineData(128, 3, 1, 128)]
    [InlineData(128, 72, 1, 28)]
    [InlineData(128, 5000, 1, 1)]
    [InlineData(128, 1, 32, 4)]
    [InlineData(1, 1, 32, 1)]
    [InlineData(0, 1, 1, 1)]
    public void SlicesFillTheDeviceAndNoneIsEmpty(long samples, long tiles, int least, int slices) =>
        Assert.Equal(slices, SampleSlices.Count(samples, tiles, least));
}
