using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Values spread over several tensors, and what sorting them selects.</summary>
internal static class SelectionCase
{
    /// <summary>Kinds of values, and the lengths of the tensors they fill.</summary>
    internal static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string lengths in new[] { "1", "7", "3 0 5", "31 33 0 255 1", "4096", "257 8200 3" })
                foreach (string kind in new[] { "uniform", "normal", "equal", "zeros", "specials", "few", "denormal" })
                    cases.Add(kind, lengths);
            return cases;
        }
    }

    internal static long[] Parse(string lengths) => [.. lengths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    internal static float[] Values(string kind, int count)
    {
        float[] u = Samples.Uniform(count, 3), v = Samples.Uniform(count, 4);
        return kind switch
        {
            "uniform" => u,
            "normal" => [.. u.Zip(v, (a, b) => 0.02f * MathF.Sqrt(-2 * MathF.Log(MathF.Abs(a) + 1e-9f)) * MathF.Cos(MathF.PI * b))],
            "equal" => [.. u.Select(a => MathF.CopySign(0.3f, a))],
            "zeros" => [.. u.Select(a => a > 0.9f ? a : MathF.CopySign(0, a))],
            "specials" => [.. Samples.WithSpecials(count, 5).Select((a, i) => i % 7 == 0 ? BitConverter.UInt32BitsToSingle(0xFF80_0001u + (uint)i) : a)], // NaN of all kinds
            "few" => [.. u.Select(a => MathF.Round(a * 4))],
            "denormal" => [.. u.Select(a => a * 1e-41f)],
            _ => throw new ArgumentException(kind),
        };
    }

    /// <summary>Some k of 0, ..., count with the ends.</summary>
    internal static IEnumerable<long> Ks(long count) => new[] { 0, 1, 2, count / 3, count / 2, count - 1, count }.Where(k => k >= 0 && k <= count).Distinct();

    /// <summary>By a stable sort: descending, NaN first and all alike.</summary>
    internal static (float Threshold, float[] Mask) Expected(float[] values, long k)
    {
        var keys = values.Select(x => float.IsNaN(x) ? double.NegativeInfinity : float.IsInfinity(x) ? -1e300 : -Math.Abs((double)x)).ToArray();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        var mask = new float[values.Length];
        foreach (int i in order[..(int)k])
            mask[i] = 1;
        return (k == 0 ? float.PositiveInfinity : MathF.Abs(values[order[k - 1]]), mask);
    }

    /// <summary>
    /// Tensors with their masks in one memory of floats at odd places: for each tensor its values, a guard, its mask, a guard. <paramref name="gap"/> floats come first.
    /// </summary>
    internal static float[] Lay(float[] values, long[] lengths, int gap)
    {
        var memory = new List<float>(Enumerable.Repeat(9f, gap));
        long at = 0;
        foreach (long length in lengths)
        {
            memory.AddRange(values[(int)at..(int)(at + length)]);
            memory.Add(9);
            memory.AddRange(Enumerable.Repeat(5f, (int)length));
            memory.Add(9);
            at += length;
        }
        return [.. memory];
    }

    internal static unsafe TensorSegments Segments(float* memory, long[] lengths, int gap, int fields = 2)
    {
        var addresses = new List<nint>();
        long at = gap;
        foreach (long length in lengths)
        {
            addresses.Add((nint)(memory + at));
            if (fields == 2)
                addresses.Add((nint)(memory + at + length + 1));
            at += 2 * (length + 1);
        }
        return new(fields, [.. addresses], lengths);
    }

    /// <summary>The masks, once it is certain that nothing else has changed.</summary>
    internal static float[] Masks(float[] memory, float[] values, long[] lengths, int gap)
    {
        var masks = new List<float>();
        long at = gap;
        foreach (long length in lengths)
        {
            masks.AddRange(memory[(int)(at + length + 1)..(int)(at + 2 * length + 1)]);
            memory.AsSpan((int)(at + length + 1), (int)length).Fill(5);
            at += 2 * (length + 1);
        }
        Assert.Equal(Lay(values, lengths, gap).Select(BitConverter.SingleToUInt32Bits), memory.Select(BitConverter.SingleToUInt32Bits));
        return [.. masks];
    }
}
