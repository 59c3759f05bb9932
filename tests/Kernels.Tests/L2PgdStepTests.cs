using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class L2PgdStepTests
{
    public static TheoryData<int, int> Shapes => L2PgdCase.Shapes;

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheFormula(int samples, int elements)
    {
        var c = new L2PgdCase(samples, elements);
        c.ExpectFormula(c.Cpu(), normRoundings: 1);
    }

    [Fact]
    public void StaysInTheBallAndInTheRangeOfPixels()
    {
        var c = new L2PgdCase(40, 3072, seed: 5);
        float[] delta = c.Cpu();
        for (int n = 0; n < 40; n++)
            Assert.InRange(Math.Sqrt(delta.Skip(n * 3072).Take(3072).Sum(d => (double)d * d)), 0.1, L2PgdCase.Epsilon * (1 + 4 * Near.Rounding));
        Assert.All(delta.Zip(c.Images, (d, x) => x + d), pixel => Assert.InRange(pixel, 0, 1));
    }

    [Fact]
    public void SpecialValuesSpoilTheirSampleOnly() => L2PgdCase.ExpectSpecials(L2PgdCase.WithSpecials().Cpu());

    [Theory]
    [InlineData(2, 200_003)]
    [InlineData(50, 3073)]
    public async Task ProcessorsDoNotChangeABit(int samples, int elements)
    {
        var c = new L2PgdCase(samples, elements);
        float[] many = c.Cpu();
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        Assert.Equal(await Task.Factory.StartNew(c.Cpu, TestContext.Current.CancellationToken, TaskCreationOptions.None, one), many);
        c.ExpectFormula(many, normRoundings: 1);
    }

    [Fact]
    public void WrongLengthsAndOverlapsAreRefused()
    {
        var memory = new float[20];
        Assert.Equal("images", Assert.Throws<ArgumentException>(() => L2PgdStep.Cpu(new float[9], new float[10], new float[10], 5, 1, 1)).ParamName);
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => L2PgdStep.Cpu(new float[10], new float[9], new float[10], 5, 1, 1)).ParamName);
        Assert.Equal("delta", Assert.Throws<ArgumentException>(() => L2PgdStep.Cpu(new float[10], new float[10], new float[10], 4, 1, 1)).ParamName);
        Assert.Equal("delta", Assert.Throws<ArgumentException>(() => L2PgdStep.Cpu(memory.AsSpan(0, 10), new float[10], memory.AsSpan(9, 10), 5, 1, 1)).ParamName);
        Assert.Equal("delta", Assert.Throws<ArgumentException>(() => L2PgdStep.Cpu(new float[10], memory.AsSpan(0, 10), memory.AsSpan(0, 10), 5, 1, 1)).ParamName);
    }
}
