using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// The pull of weights towards where they started, which the optimiser steps add to the gradient, and its value:
/// <code>g[i] += lambda * hold[i] * (p[i] - start[i]),    (lambda / 2) * sum_i hold[i] * (p[i] - start[i])^2</code>
/// The value takes all weights in, masked ones too. Products are rounded to float32 and summed in float64 on the CPU, block by block;
/// on the GPU in float32 by a fixed tree, one partial sum a chunk, which <see cref="ValueKernel"/> adds up. Both repeat bit for bit.
/// </summary>
public static class WeightPull
{
    /// <summary>Adds hold (p - start)^2 for a vector of elements; <paramref name="held"/> is hold (p - start).</summary>
    internal static void Add(Vector<float> held, Vector<float> moved, ref Vector<double> low, ref Vector<double> high)
    {
        Vector.Widen(held, out Vector<double> heldLow, out Vector<double> heldHigh);
        Vector.Widen(moved, out Vector<double> movedLow, out Vector<double> movedHigh);
        low += heldLow * movedLow;
        high += heldHigh * movedHigh;
    }

    /// <summary>One element's share of the sum.</summary>
    internal static float Term(float weight, float start, float hold)
    {
        float moved = weight - start;
        return hold * moved * moved;
    }

    /// <summary>The value from the blocks' sums, in their order.</summary>
    internal static double Value(double[] sums, float lambda)
    {
        double total = 0;
        foreach (double sum in sums)
            total += sum;
        return lambda / 2.0 * total;
    }

    /// <summary>Keeps a group's sum over a chunk. Every thread of the group must call it.</summary>
    internal static void Store(ArrayView<float> partial, long chunk, float sum)
    {
        float total = GroupSum.InFirstThread(sum);
        if (Group.IdxX == 0)
            partial[chunk] = total;
    }

    /// <summary>The value from the chunks' sums <paramref name="partial"/>, into <paramref name="value"/> [1]. One group does it all; others of the grid idle.</summary>
    [DeviceKernel]
    public static void ValueKernel(ArrayView<float> partial, ArrayView<float> value, float lambda)
    {
        if (Grid.IdxX != 0)
            return;
        float sum = 0;
        for (long chunk = Group.IdxX; chunk < partial.Length; chunk += Group.DimX)
            sum += partial[chunk];
        float total = GroupSum.InFirstThread(sum);
        if (Group.IdxX == 0)
            value[0] = lambda / 2 * total;
    }
}
