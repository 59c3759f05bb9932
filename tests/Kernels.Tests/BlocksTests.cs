using Lacuna.Kernels;
using System.Collections.Concurrent;

namespace Kernels.Tests;

public sealed class BlocksTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Blocks.Size - 1)]
    [InlineData(Blocks.Size)]
    [InlineData(Blocks.Size + 1)]
    [InlineData((1L << 31) + 5)]
    [InlineData(5_000_000_000)]
    public void CoverEveryElementOnce(long count)
    {
        var blocks = new ConcurrentBag<(long First, long Count)>();
        Blocks.Run(count, (first, length) => blocks.Add((first, length)));
        long end = 0;
        foreach (var (first, length) in blocks.OrderBy(block => block.First))
        {
            Assert.Equal(end, first);
            Assert.InRange(length, 1, Blocks.Size);
            end = first + length;
        }
        Assert.Equal(count, end);
    }

    [Theory]
    [InlineData(10, 3072, 1)]
    [InlineData(1000, 3072, 48)] // 21 images of 3072 to a block of 65536
    [InlineData(7, 100_000, 7)]
    [InlineData(3_000_000_000, 65_536L * 3, 3_000_000_000)]
    [InlineData(5, 0, 1)]
    public void KeepItemsWhole(long items, long elements, long expectedBlocks)
    {
        long perBlock = Math.Max(1, Blocks.Size / Math.Max(1, elements));
        Assert.Equal(expectedBlocks, Blocks.Count(items, perBlock));
        if (expectedBlocks > 1_000)
            return;
        long sum = 0;
        Blocks.RunItems(items, elements, (_, count) => Interlocked.Add(ref sum, count));
        Assert.Equal(items, sum);
    }
}
