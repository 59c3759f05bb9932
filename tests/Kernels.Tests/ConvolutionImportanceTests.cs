using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ConvolutionImportanceTests
{
    public static TheoryData<int, ImportanceMeasure> Cases => ConvolutionCase.Cases;

    internal static float[] Cpu(float[] input, float[] gradient, float[] omega, ConvolutionShape shape, ImportanceMeasure measure)
    {
        float[] sum = [9, .. omega, 9];
        ConvolutionImportance.Cpu(input, gradient, sum.AsSpan(1, omega.Length), shape, ConvolutionCase.Scale, measure);
        Assert.Equal((9f, 9f), (sum[0], sum[^1]));
        return sum[1..^1];
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheFormula(int index, ImportanceMeasure measure)
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[index];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        ConvolutionCase.Expect(ConvolutionCase.Exact(input, gradient, omega, shape, measure), Cpu(input, gradient, omega, shape, measure));
    }

    [Theory, MemberData(nameof(Cases))]
    public void ChannelsLastTheSameBitsComeOfIt(int index, ImportanceMeasure measure)
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[index];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        float[] turned = [.. omega];
        ConvolutionImportance.Cpu(Turned(input, shape.Samples, shape.Channels, shape.Height * shape.Width), Turned(gradient, shape.Samples, shape.Outputs, shape.Positions),
            turned, shape, ConvolutionCase.Scale, measure, channelsLast: true);
        Assert.Equal(Cpu(input, gradient, omega, shape, measure), turned);
    }

    /// <summary>[N,C,P] as [N,P,C].</summary>
    internal static float[] Turned(float[] numbers, long samples, int channels, int positions)
    {
        float[] turned = new float[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int n = i / (channels * positions), c = i / positions % channels, p = i % positions;
            turned[(n * positions + p) * channels + c] = numbers[i];
        }
        return turned;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(10)]
    public void NotANumberAndInfinityReachTheirWeightsOnly(int index)
    {
        ConvolutionShape shape = ConvolutionCase.Shapes[index];
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        input[shape.InputSize / 2] = float.PositiveInfinity;
        input[shape.InputSize + 1] = float.NaN;
        gradient[shape.OutputSize - 1] = float.NegativeInfinity;
        var exact = ConvolutionCase.Exact(input, gradient, omega, shape, ImportanceMeasure.Absolute);
        Assert.Contains(exact, e => double.IsNaN(e.Value));
        Assert.Contains(exact, e => double.IsInfinity(e.Value));
        Assert.Contains(exact, e => double.IsFinite(e.Value));
        ConvolutionCase.Expect(exact, Cpu(input, gradient, omega, shape, ImportanceMeasure.Absolute));
    }

    /// <summary>More samples than are packed at a time.</summary>
    [Fact]
    public async Task ProcessorsDoNotChangeABit()
    {
        var shape = new ConvolutionShape(11, 16, 32, 32, 5, 3, 3, PaddingY: 1, PaddingX: 1);
        var (input, gradient, omega) = ConvolutionCase.Numbers(shape);
        float[] many = Cpu(input, gradient, omega, shape, ImportanceMeasure.Squared);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        float[] single = await Task.Factory.StartNew(() => Cpu(input, gradient, omega, shape, ImportanceMeasure.Squared),
            TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(single, many);
        ConvolutionCase.Expect(ConvolutionCase.Exact(input, gradient, omega, shape, ImportanceMeasure.Squared), many);
    }

    [Fact]
    public void WrongLengthsOverlapsAndMeasuresAreRefused()
    {
        var shape = new ConvolutionShape(1, 1, 3, 3, 1, 2, 2);
        float[] memory = new float[20];
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => ConvolutionImportance.Cpu(new float[8], new float[4], new float[4], shape, 1, default)).ParamName);
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => ConvolutionImportance.Cpu(new float[9], new float[5], new float[4], shape, 1, default)).ParamName);
        Assert.Equal("omega", Assert.Throws<ArgumentException>(() => ConvolutionImportance.Cpu(new float[9], new float[4], new float[3], shape, 1, default)).ParamName);
        Assert.Equal("omega", Assert.Throws<ArgumentException>(
            () => ConvolutionImportance.Cpu(memory.AsSpan(0, 9), new float[4], memory.AsSpan(8, 4), shape, 1, default)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvolutionImportance.Cpu(new float[9], new float[4], new float[4], shape, 1, (ImportanceMeasure)2));
    }

    public static TheoryData<string, ConvolutionShape> NoConvolutions => new()
    {
        { "may be zero", new(1, 0, 3, 3, 1, 1, 1) },
        { "may be zero", new(1, 1, 3, 3, 1, 1, 1, StrideX: 0) },
        { "cannot be negative", new(1, 1, 3, 3, 1, 1, 1, PaddingY: -1) },
        { "do not divide", new(1, 3, 3, 3, 4, 1, 1, Groups: 2) },
        { "beyond the padded image", new(1, 1, 3, 3, 1, 4, 3) },
        { "beyond the padded image", new(1, 1, 3, 3, 1, 1, 3, DilationX: 2) },
        { "too large", new(1, 1, 40_000, 40_000, 1, 1, 1) },
    };

    [Theory, MemberData(nameof(NoConvolutions))]
    public void ShapesThatAreNoConvolutionAreRefused(string what, ConvolutionShape shape) =>
        Assert.Contains(what, Assert.Throws<ArgumentException>(shape.Validate).Message);
}
