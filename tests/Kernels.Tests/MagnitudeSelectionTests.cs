using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class MagnitudeSelectionTests
{
    public static TheoryData<string, string> Cases => SelectionCase.Cases;

    private static (float Threshold, float[] Mask) Cpu(float[] values, long[] lengths, long k, int gap)
    {
        float[] memory = SelectionCase.Lay(values, lengths, gap);
        fixed (float* m = memory)
        {
            float threshold = MagnitudeSelection.Cpu(SelectionCase.Segments(m, lengths, gap), k);
            return (threshold, SelectionCase.Masks(memory, values, lengths, gap));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void SelectsWhatAStableSortDoes(string kind, string segmentLengths)
    {
        long[] lengths = SelectionCase.Parse(segmentLengths);
        float[] values = SelectionCase.Values(kind, (int)lengths.Sum());
        foreach (long k in SelectionCase.Ks(values.Length))
        {
            var (threshold, mask) = Cpu(values, lengths, k, gap: (int)(k % 3));
            var expected = SelectionCase.Expected(values, k);
            Assert.Equal(expected.Threshold, threshold);
            Assert.Equal(expected.Mask, mask);
            Assert.Equal(k, mask.Count(m => m == 1));
        }
    }

    [Fact]
    public void NothingSelectsNothing() => Assert.Equal(float.PositiveInfinity, MagnitudeSelection.Cpu(new TensorSegments(2, [], []), 0));

    /// <summary>Ties over several blocks and segments: the cut lies in the middle of one.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(70_001)]
    [InlineData(150_000)]
    [InlineData(199_999)]
    public void TiesAcrossBlocksKeepTheirOrder(long k)
    {
        long[] lengths = [70_000, 1, 140_000];
        float[] values = [.. Enumerable.Repeat(-2f, 210_001)];
        values[5] = values[80_000] = 1;
        var expected = SelectionCase.Expected(values, k);
        var (threshold, mask) = Cpu(values, lengths, k, gap: 1);
        Assert.Equal(2, threshold);
        Assert.Equal(expected.Mask, mask);
    }

    [Fact]
    public void ManyBlocksAgreeWithASort()
    {
        float[] values = SelectionCase.Values("normal", 500_000);
        var (threshold, mask) = Cpu(values, [200_000, 300_000], 123_456, gap: 0);
        float[] sorted = [.. values.Select(MathF.Abs)];
        Array.Sort(sorted);
        Assert.Equal(sorted[^123_456], threshold);
        Assert.Equal(123_456, mask.Sum(m => (long)m));
        for (int i = 0; i < values.Length; i++)
            Assert.False(mask[i] == 1 ? MathF.Abs(values[i]) < threshold : MathF.Abs(values[i]) > threshold);
    }

    [Fact]
    public void OneFieldGivesTheThresholdAlone()
    {
        float[] values = [3, -5, 4];
        fixed (float* v = values)
            Assert.Equal(4, MagnitudeSelection.Cpu(new TensorSegments(1, [(nint)v], [3]), 2));
        Assert.Equal([3, -5, 4], values);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void ImpossibleCountsAreRefused(long k) => Assert.Throws<ArgumentOutOfRangeException>(() => Cpu([1, 2, 3], [3], k, 0));
}
