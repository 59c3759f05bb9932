using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Channels-last activations [M,C] as rows of a whole number of vectors, of which each number belongs to one channel: so any C is gone through in whole vectors, in the order of memory.
/// The period is the least common multiple of C and the lanes of a vector, and as many times that as make it worth a loop.
/// </summary>
internal readonly unsafe struct ChannelPattern
{
    private const int LeastPeriod = 256;

    internal ChannelPattern(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        Channels = channels;
        int lanes = Vector<float>.Count, common = checked((int)(channels / BigInteger.GreatestCommonDivisor(channels, lanes) * lanes));
        Period = Math.Max(1, LeastPeriod / common) * common;
    }

    internal int Channels { get; }

    /// <summary>Numbers after which channels and lanes of vectors meet as before.</summary>
    internal int Period { get; }

    /// <summary>Whole periods of about a block's size: of so many elements are the pieces that processors take.</summary>
    internal long Piece(int periods) => Math.Max(1, Blocks.Size / ((long)Period * periods)) * Period * periods;

    /// <summary>A number of every channel, at all its places of a period.</summary>
    internal void Spread(ReadOnlySpan<double> values, float* period)
    {
        for (int i = 0; i < Period; i++)
            period[i] = (float)values[i % Channels];
    }

    /// <summary>The sums of all places of every channel, of many periods one after another.</summary>
    internal void Fold(ReadOnlySpan<double> periods, Span<double> sums)
    {
        sums.Clear();
        for (int i = 0, c = 0; i < periods.Length; i++)
        {
            sums[c] += periods[i];
            if (++c == Channels) c = 0;
        }
    }
}
