using Lacuna.Kernels;

namespace Lacuna.Numerics;

/// <summary>All random numbers of a run: pure functions of (seed, purpose, step, row, lane), without state. The same seed gives
/// the same draws on every stack and device, in any order, and after a resume.</summary>
/// <remarks>
/// Philox 4x32-10. Key = (low, high 32 bits of the seed). Counter = (lane / 4, row, step, purpose); a draw of 32 bits is word
/// lane % 4 of that block. <i>step</i> is an epoch or an optimisation step, <i>row</i> an image's index in its data set or a position,
/// <i>lane</i> the number of the draw within the row. Draws of 64 bits take lanes 2k (low) and 2k+1 (high) for lane k, so a row should keep to one
/// kind of draw. Seeds derived for other generators use purpose + 2^31 and meet no other draw.
/// </remarks>
public sealed class DrawSource(ulong seed)
{
    private const uint DerivedSeed = 1u << 31;

    /// <summary>The seed all draws follow from.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>32 random bits.</summary>
    public uint Bits(DrawPurpose purpose, int step, int row, int lane = 0)
    {
        (uint r0, uint r1, uint r2, uint r3) = Block((uint)purpose, step, row, (uint)lane >> 2);
        return (lane & 3) switch { 0 => r0, 1 => r1, 2 => r2, _ => r3 };
    }

    /// <summary>64 random bits: lanes 2k and 2k+1 of <see cref="Bits"/> for lane k.</summary>
    public ulong Bits64(DrawPurpose purpose, int step, int row, int lane = 0)
    {
        (uint r0, uint r1, uint r2, uint r3) = Block((uint)purpose, step, row, (uint)lane >> 1);
        return (lane & 1) == 0 ? r0 | (ulong)r1 << 32 : r2 | (ulong)r3 << 32;
    }

    /// <summary>Uniform in [0, 1): the upper 24 bits of <see cref="Bits"/>, so every value is exact in float.</summary>
    public float Uniform(DrawPurpose purpose, int step, int row, int lane = 0) => ToUniform(Bits(purpose, step, row, lane));

    /// <summary>Uniform in [0, 1): the upper 53 bits of <see cref="Bits64"/>.</summary>
    public double UniformDouble(DrawPurpose purpose, int step, int row, int lane = 0) =>
        (Bits64(purpose, step, row, lane) >> 11) * (1.0 / (1ul << 53));

    /// <summary>Standard normal by Box and Muller from the words of lanes 2j and 2j+1, which give the normals of these two lanes.</summary>
    /// <remarks>Computed in double and rounded once; its tails end at 6.7. Two machines' math libraries may differ in the last float bit.</remarks>
    public float Normal(DrawPurpose purpose, int step, int row, int lane = 0)
    {
        (uint r0, uint r1, uint r2, uint r3) = Block((uint)purpose, step, row, (uint)lane >> 2);
        return (lane & 3) switch
        {
            0 => BoxMuller(r0, r1).Cosine,
            1 => BoxMuller(r0, r1).Sine,
            2 => BoxMuller(r2, r3).Cosine,
            _ => BoxMuller(r2, r3).Sine,
        };
    }

    /// <summary>Uniform in {0, ..., n-1}: the upper word of n times 64 random bits (Lemire, ACM TOMACS 29, 2019) without his rejection step.
    /// A value's probability is off by less than 2^-64, which no experiment can see.</summary>
    public int Below(int n, DrawPurpose purpose, int step, int row, int lane = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return (int)Math.BigMul(Bits64(purpose, step, row, lane), (ulong)n, out _);
    }

    /// <summary>Fills with the uniforms of lanes 0, 1, 2, ...: the values of <see cref="Uniform"/>, four for the price of one.</summary>
    public void FillUniform(Span<float> destination, DrawPurpose purpose, int step, int row)
    {
        Span<float> four = stackalloc float[4];
        for (int lane = 0; lane < destination.Length; lane += 4)
        {
            (uint r0, uint r1, uint r2, uint r3) = Block((uint)purpose, step, row, (uint)lane >> 2);
            four[0] = ToUniform(r0);
            four[1] = ToUniform(r1);
            four[2] = ToUniform(r2);
            four[3] = ToUniform(r3);
            four[..Math.Min(4, destination.Length - lane)].CopyTo(destination[lane..]);
        }
    }

    /// <summary>Fills with the normals of lanes 0, 1, 2, ...: the values of <see cref="Normal"/>, four for the price of one.</summary>
    public void FillNormal(Span<float> destination, DrawPurpose purpose, int step, int row)
    {
        Span<float> four = stackalloc float[4];
        for (int lane = 0; lane < destination.Length; lane += 4)
        {
            (uint r0, uint r1, uint r2, uint r3) = Block((uint)purpose, step, row, (uint)lane >> 2);
            (four[0], four[1]) = BoxMuller(r0, r1);
            (four[2], four[3]) = BoxMuller(r2, r3);
            four[..Math.Min(4, destination.Length - lane)].CopyTo(destination[lane..]);
        }
    }

    /// <summary>A random order of 0, ..., n-1 (Fisher and Yates; position i draws as row i).</summary>
    public int[] Permutation(int n, DrawPurpose purpose, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Shuffled(n, n, purpose, step);
    }

    /// <summary><paramref name="count"/> distinct values of 0, ..., n-1, ascending: those at the head of <see cref="Permutation"/>,
    /// so a larger choice contains every smaller one.</summary>
    public int[] Choose(int count, int n, DrawPurpose purpose, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, n);
        int[] chosen = Shuffled(count, n, purpose, step)[..count];
        Array.Sort(chosen);
        return chosen;
    }

    /// <summary>A seed for a generator that is not ours, such as the tensor library's when it initialises weights.</summary>
    public ulong DeriveSeed(DrawPurpose purpose, int step = 0)
    {
        (uint r0, uint r1, _, _) = Block((uint)purpose | DerivedSeed, step, 0, 0);
        return r0 | (ulong)r1 << 32;
    }

    private int[] Shuffled(int head, int n, DrawPurpose purpose, int step)
    {
        var order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }
        for (int i = 0; i < head; i++)
        {
            int j = i + Below(n - i, purpose, step, i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private (uint, uint, uint, uint) Block(uint purpose, int step, int row, uint block) =>
        Philox.Block(block, (uint)row, (uint)step, purpose, (uint)Seed, (uint)(Seed >> 32));

    private static float ToUniform(uint bits) => (bits >> 8) * (1f / (1 << 24));

    // u in (0, 1] keeps the logarithm finite.
    private static (float Cosine, float Sine) BoxMuller(uint first, uint second)
    {
        double radius = Math.Sqrt(-2 * Math.Log((first + 1.0) * (1.0 / 4294967296.0)));
        (double sine, double cosine) = Math.SinCos(second * (2 * Math.PI / 4294967296.0));
        return ((float)(radius * cosine), (float)(radius * sine));
    }
}
