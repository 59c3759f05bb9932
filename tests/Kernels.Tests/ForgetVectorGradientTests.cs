using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ForgetVectorGradientTests
{
    public static TheoryData<int, int, ForgetVectorPenalty> Shapes => ForgetVectorStepCase.Shapes;

    private static (float[] Delta, float[] Momentum) Cpu(ForgetVectorStepCase c)
    {
        float[] delta = [.. c.Delta], momentum = [.. c.Momentum];
        ForgetVectorGradient.Cpu(c.Gradient, delta, momentum, c.Step);
        return (delta, momentum);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithFloat64(int rows, int elements, ForgetVectorPenalty penalty)
    {
        var c = new ForgetVectorStepCase(rows, elements, penalty);
        var (delta, momentum) = Cpu(c);
        c.Agrees(delta, momentum, sumRoundings: 3);
    }

    /// <summary>Many slices and tiles; positive numbers, of which a running sum of float32 would lose more the longer it is.</summary>
    [Theory]
    [InlineData(900, 1500)]
    [InlineData(11, 70_001)]
    [InlineData(20_000, 3)]
    public async Task LongSumsLoseNoMoreThanShortOnesAndProcessorsDoNotChangeABit(int rows, int elements)
    {
        var c = new ForgetVectorStepCase(rows, elements, ForgetVectorPenalty.Reference);
        foreach (ref float g in c.Gradient.AsSpan())
            g += 1.1f;
        var (delta, momentum) = Cpu(c);
        c.Agrees(delta, momentum, sumRoundings: 3);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        var single = await Task.Factory.StartNew(() => Cpu(c), TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(single.Delta, delta);
        Assert.Equal(single.Momentum, momentum);
    }

    [Fact]
    public void NoVectorHasNoPenaltyOfItsNorm()
    {
        float[] gradient = [1, 2, 3, 4], delta = [0, 0], momentum = [0, 0];
        ForgetVectorGradient.Cpu(gradient, delta, momentum, new(ForgetVectorPenalty.Reference, 1, 0.5f, 0.9f, 0));
        Assert.Equal([4f, 6f], momentum);
        Assert.Equal([-2f, -3f], delta);
    }

    [Fact]
    public void NotANumberAndInfinityStayInTheirColumn()
    {
        float[] gradient = new float[4 * 40], delta = new float[40], momentum = new float[40];
        gradient[40 + 3] = float.NaN;
        gradient[80 + 5] = float.PositiveInfinity;
        (gradient[0 + 39], gradient[40 + 39]) = (float.PositiveInfinity, float.NegativeInfinity);
        ForgetVectorGradient.Cpu(gradient, delta, momentum, new(ForgetVectorPenalty.Squared, 1, 1, 0, 0));
        for (int i = 0; i < 40; i++)
            Assert.Equal(i is 3 or 39 ? float.NaN : i == 5 ? float.NegativeInfinity : 0, delta[i]);
    }

    [Fact]
    public void WrongLengthsAndOverlapsAreRefused()
    {
        float[] memory = new float[20];
        var step = new ForgetVectorStep(ForgetVectorPenalty.Reference, 1, 1, 1, 1);
        string? Refused(Action call) => Assert.Throws<ArgumentException>(call).ParamName;
        Assert.Equal("momentum", Refused(() => ForgetVectorGradient.Cpu(new float[6], new float[3], new float[2], step)));
        Assert.Equal("gradient", Refused(() => ForgetVectorGradient.Cpu(new float[7], new float[3], new float[3], step)));
        Assert.Equal("gradient", Refused(() => ForgetVectorGradient.Cpu(memory.AsSpan(0, 6), memory.AsSpan(5, 3), new float[3], step)));
        Assert.Equal("gradient", Refused(() => ForgetVectorGradient.Cpu(new float[6], memory.AsSpan(0, 3), memory.AsSpan(2, 3), step)));
    }

    /// <summary>Rows that the second half sums itself need no first one.</summary>
    [Fact]
    public void SlicesKeepADeviceBusyAndRowsTogether()
    {
        Assert.Equal(0, BatchSums.Slices(0, 10));
        Assert.Equal(64, BatchSums.Slices(64, 3072));
        Assert.Equal(86, BatchSums.Slices(1365, 3072));
        Assert.Equal(170, BatchSums.Slices(5461, 3072));
        Assert.Equal(1024, BatchSums.Slices(1024, 150_528));
    }
}
