namespace Lacuna.Data;

/// <summary>Mean and standard deviation of each channel over all stored pixels, in [0,1]: what a normalisation is made of.</summary>
/// <param name="Mean">[C].</param>
/// <param name="Deviation">[C], with N and not N - 1 below the line, as the published constants have it.</param>
public sealed record ChannelStatistics(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    /// <summary>Reads every pixel once. Bytes are counted, so the result is exact to the rounding of its last operations.</summary>
    public static ChannelStatistics Of(ImageSet set, CancellationToken cancellation = default)
    {
        var counts = new long[set.Channels][];
        var plane = set.StoredHeight * set.StoredWidth;
        Parallel.For(0, set.Channels, channel =>
        {
            var mine = counts[channel] = new long[256];
            for (var i = 0; i < set.Count; i++)
            {
                if (i % 1024 == 0) cancellation.ThrowIfCancellationRequested();
                foreach (var pixel in set.Image(i).Slice(channel * plane, plane)) mine[pixel]++;
            }
        });
        var moments = Array.ConvertAll(counts, Moments);
        return new([.. moments.Select(m => m.Mean)], [.. moments.Select(m => m.Deviation)]);
    }

    private static (double Mean, double Deviation) Moments(long[] counts)
    {
        double number = counts.Sum();
        var mean = counts.Select((count, value) => (double)count * value).Sum() / number;
        var variance = counts.Select((count, value) => count * (value - mean) * (value - mean)).Sum() / number;
        return (mean / 255, Math.Sqrt(variance) / 255);
    }
}
