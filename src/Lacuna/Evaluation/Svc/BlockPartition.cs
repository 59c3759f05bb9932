using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// Points cut, in ascending order of the feature, into blocks of at most <see cref="MostPoints"/> neighbours. Each
/// block is padded to whole chunks of 16 slots (two vectors); an empty slot has id -1.
/// </summary>
internal sealed class BlockPartition
{
    public const int Chunk = 16;
    public const int MostPoints = 128;

    private BlockPartition(List<int> starts, int slots)
    {
        Starts = [.. starts, slots];
        int stride = (Count + Vector512<double>.Count - 1) / Vector512<double>.Count * Vector512<double>.Count;
        (Centres, Ids, Offsets) = (new double[stride], new int[slots], new double[slots]);
        (Lowest, Highest, Degrees) = (new double[Count], new double[Count], new int[Count]);
        Array.Fill(Ids, -1);
    }

    public int Count => Starts.Length - 1;

    /// <summary>First slot of each block, and the number of slots at the end.</summary>
    public int[] Starts { get; }

    /// <summary>Midpoint of each block, padded to whole vectors.</summary>
    public double[] Centres { get; }
    public double[] Lowest { get; }
    public double[] Highest { get; }

    /// <summary>Degree of the expansion that suffices for each block.</summary>
    public int[] Degrees { get; }

    /// <summary>Point in each slot, or -1.</summary>
    public int[] Ids { get; }

    /// <summary>Feature minus the block's centre, by slot.</summary>
    public double[] Offsets { get; }

    public static BlockPartition Of(ReadOnlySpan<int> sortedIds, double[] x, double width, GaussianExpansion expansion, int mostPoints = MostPoints)
    {
        List<int> starts = [], firsts = [];
        int slots = 0;
        for (int first = 0; first < sortedIds.Length;)
        {
            int end = first + 1;
            double limit = x[sortedIds[first]] + width;
            while (end < sortedIds.Length && end - first < mostPoints && x[sortedIds[end]] <= limit) { end++; }
            starts.Add(slots);
            firsts.Add(first);
            slots += (end - first + Chunk - 1) / Chunk * Chunk;
            first = end;
        }

        firsts.Add(sortedIds.Length);
        var partition = new BlockPartition(starts, slots);
        for (int b = 0; b < partition.Count; b++)
        {
            partition.Fill(b, sortedIds[firsts[b]..firsts[b + 1]], x);
            partition.Degrees[b] = expansion.DegreeFor((partition.Highest[b] - partition.Lowest[b]) / 2);
        }

        return partition;
    }

    private void Fill(int block, ReadOnlySpan<int> ids, double[] x)
    {
        Lowest[block] = x[ids[0]];
        Highest[block] = x[ids[^1]];
        double centre = Centres[block] = Lowest[block] + ((Highest[block] - Lowest[block]) / 2);
        ids.CopyTo(Ids.AsSpan(Starts[block]));
        for (int k = 0; k < ids.Length; k++) { Offsets[Starts[block] + k] = x[ids[k]] - centre; }
    }
}
