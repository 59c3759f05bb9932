using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// The inner loop of the solver, over one block of points: s += w_i k_i + w_j k_j, and the extremes of s over the upper
/// and the lower set. A point costs 16 bytes read and 8 written, and two polynomials.
/// <code>
/// k = round32(sum_n e_n d^n)       two rows, degree 3 to 5 where points are dense
/// s = s + (k_i w_i + k_j w_j)      float64, not fused: libsvm's roundings
/// </code>
/// </summary>
internal unsafe ref struct PairUpdate
{
    /// <summary>Taylor coefficients of the block, <see cref="Stride"/> apart.</summary>
    public double* FirstRow, SecondRow;
    public double* Offsets, Scores;
    public byte* Upper, Lower;
    public int Stride, Degree;
    public double FirstWeight, SecondWeight;
    public SingleRounding Rounding;

    /// <summary>Chunks whose rounding is uncertain are left as they are, and their first slots listed here.</summary>
    public int* Uncertain;
    public int UncertainCount;
    public double LargestUpper, SmallestLower;

    /// <summary>Updates the slots from <paramref name="start"/> to <paramref name="end"/>, whole chunks.</summary>
    /// <remarks>Optimised at once: in a fit of about a second the tiers before would show.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int start, int end)
    {
        // Locals, because fields would be reloaded in the loop; no calls in it, because they would spill the vectors.
        SingleRounding rounding = Rounding;
        double* offsets = Offsets, scores = Scores;
        byte* upper = Upper, lower = Lower;
        nint stride = Stride;
        double* topI = FirstRow + (Degree * stride), topJ = SecondRow + (Degree * stride), bottomI = FirstRow;
        var first = Vector512.Create(FirstWeight);
        var second = Vector512.Create(SecondWeight);
        var largest = Vector512.Create(double.NegativeInfinity);
        var smallest = Vector512.Create(double.PositiveInfinity);
        int uncertain = 0;
        for (nint slot = start; slot < end; slot += BlockPartition.Chunk)
        {
            var d0 = Vector512.Load(offsets + slot);
            var d1 = Vector512.Load(offsets + slot + 8);
            double* ci = topI, cj = topJ;
            var i0 = Vector512.Create(*ci);
            var j0 = Vector512.Create(*cj);
            var (i1, j1) = (i0, j0);
            do
            {
                ci -= stride;
                cj -= stride;
                var ei = Vector512.Create(*ci);
                var ej = Vector512.Create(*cj);
                i0 = Vector512.FusedMultiplyAdd(i0, d0, ei);
                i1 = Vector512.FusedMultiplyAdd(i1, d1, ei);
                j0 = Vector512.FusedMultiplyAdd(j0, d0, ej);
                j1 = Vector512.FusedMultiplyAdd(j1, d1, ej);
            }
            while (ci != bottomI);

            var certainty = Vector512.Min(
                Vector512.Min(rounding.Certainty(i0), rounding.Certainty(i1)),
                Vector512.Min(rounding.Certainty(j0), rounding.Certainty(j1)));
            if (rounding.AnyUncertain(certainty))
            {
                Uncertain[uncertain++] = (int)slot;
                continue;
            }

            var s0 = Vector512.Load(scores + slot) + ((SingleRounding.Round(i0) * first) + (SingleRounding.Round(j0) * second));
            var s1 = Vector512.Load(scores + slot + 8) + ((SingleRounding.Round(i1) * first) + (SingleRounding.Round(j1) * second));
            s0.Store(scores + slot);
            s1.Store(scores + slot + 8);
            nint set = slot >> 3;
            largest = Vector512.MaxNative(largest, Masked(s0, upper[set], double.NegativeInfinity));
            largest = Vector512.MaxNative(largest, Masked(s1, upper[set + 1], double.NegativeInfinity));
            smallest = Vector512.MinNative(smallest, Masked(s0, lower[set], double.PositiveInfinity));
            smallest = Vector512.MinNative(smallest, Masked(s1, lower[set + 1], double.PositiveInfinity));
        }

        UncertainCount = uncertain;
        LargestUpper = -Smallest(-largest);
        SmallestLower = Smallest(smallest);
    }

    /// <summary>The value where the set's bit is on, else <paramref name="other"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Masked(Vector512<double> value, byte set, double other)
    {
        var lanes = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        var off = Vector512.Equals(Vector512.Create((long)set) & lanes, Vector512<long>.Zero);
        return Vector512.ConditionalSelect(off.AsDouble(), Vector512.Create(other), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Smallest(Vector512<double> lanes)
    {
        var quad = Vector256.MinNative(lanes.GetLower(), lanes.GetUpper());
        var pair = Vector128.MinNative(quad.GetLower(), quad.GetUpper());
        return double.MinNative(pair[0], pair[1]);
    }
}
