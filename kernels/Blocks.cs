namespace Lacuna.Kernels;

/// <summary>
/// Cuts the CPU paths' work into blocks of fixed size and spreads them over the processors. Where a block begins depends on the amount
/// of work alone, so a result that is put together from blocks in their order is the same on any number of processors.
/// </summary>
internal static class Blocks
{
    /// <summary>Elements in a block: 256 KiB of float32, worth the microseconds that handing it to another thread costs.</summary>
    internal const long Size = 1 << 16;

    internal delegate void Body(long first, long count);

    /// <summary>Calls <paramref name="body"/> for consecutive blocks that cover <paramref name="count"/> elements.</summary>
    internal static void Run(long count, Body body) => Run(count, Size, body);

    /// <summary>As <see cref="Run(long, Body)"/> for items of <paramref name="elementsPerItem"/> elements each, which stay whole.</summary>
    internal static void RunItems(long items, long elementsPerItem, Body body) =>
        Run(items, Math.Max(1, Size / Math.Max(1, elementsPerItem)), body);

    internal static long Count(long count, long size) => count / size + (count % size == 0 ? 0 : 1);

    /// <summary>Calls <paramref name="body"/> for 0, ..., <paramref name="blocks"/> - 1, on this thread when there is only one.</summary>
    internal static void Each(long blocks, Action<long> body)
    {
        if (blocks == 1)
            body(0);
        else if (blocks > 1)
            Parallel.For(0L, blocks, body);
    }

    private static void Run(long count, long size, Body body) =>
        Each(Count(count, size), block => body(block * size, Math.Min(size, count - block * size)));
}
