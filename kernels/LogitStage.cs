using ILGPU;
using ILGPU.Algorithms;

namespace Lacuna.Kernels;

/// <summary>
/// Rows of logits [N,K] for the kernels. A group brings whole rows into shared memory by accesses that follow each other in memory, then 1 to 32 lanes of a
/// warp work on each row: few for short rows, so that hardly any time goes into sums across lanes. Rows lie there with a stride that puts
/// the lanes of a warp on different banks.
/// </summary>
public static class LogitStage
{
    /// <summary>Numbers in shared memory: 32 KiB, which leaves room for six groups on a multiprocessor.</summary>
    internal const int Size = 8192;

    private const int GroupSize = 256, WarpSize = 32;

    /// <summary>Lanes that work on a row of <paramref name="classes"/> logits: 1, 2, 4, …, 32; 0 where eight rows do not fit the shared memory, so that a
    /// warp reads each from global memory.</summary>
    public static int Lanes(int classes)
    {
        for (int lanes = 1; lanes <= WarpSize; lanes *= 2)
            if (GroupSize / lanes * (long)Stride(classes, lanes) <= Size)
                return lanes;
        return 0;
    }

    /// <summary>From a row to the next: an odd number of times the lanes of a row, unless a row has a whole warp.</summary>
    internal static int Stride(int classes, int lanes) => lanes == WarpSize ? classes : ((classes - 1) / lanes + 1 | 1) * lanes;

    /// <summary>Copies <paramref name="count"/> consecutive logits, from <paramref name="first"/>, where a row begins, to rows in shared memory.</summary>
    /// <param name="fours">Whether the view begins at a multiple of 16 bytes, and <paramref name="first"/> is one of 4. The whole view is cast, since of a part of it
    /// the compiler would not know that it is aligned.</param>
    internal static void Load(ArrayView<float> logits, ArrayView<float> stage, long first, int count, int classes, int stride, bool fours)
    {
        int whole = 0;
        if (fours)
        {
            ArrayView<Float4> logits4 = logits.Cast<Float4>();
            whole = count / 4 * 4;
            for (int i = Group.IdxX * 4; i < whole; i += Group.DimX * 4)
            {
                Float4 value = logits4[first / 4 + i / 4];
                int row = i / classes, column = i - row * classes;
                stage[row * stride + column] = value.X;
                Next(ref row, ref column, classes);
                stage[row * stride + column] = value.Y;
                Next(ref row, ref column, classes);
                stage[row * stride + column] = value.Z;
                Next(ref row, ref column, classes);
                stage[row * stride + column] = value.W;
            }
        }
        for (int i = whole + Group.IdxX; i < count; i += Group.DimX)
        {
            int row = i / classes;
            stage[row * (stride - classes) + i] = logits[first + i];
        }
    }

    /// <summary>The way back.</summary>
    internal static void Store(ArrayView<float> stage, ArrayView<float> result, long first, int count, int classes, int stride, bool fours)
    {
        int whole = 0;
        if (fours)
        {
            ArrayView<Float4> result4 = result.Cast<Float4>();
            whole = count / 4 * 4;
            for (int i = Group.IdxX * 4; i < whole; i += Group.DimX * 4)
            {
                int row = i / classes, column = i - row * classes;
                float x = stage[row * stride + column];
                Next(ref row, ref column, classes);
                float y = stage[row * stride + column];
                Next(ref row, ref column, classes);
                float z = stage[row * stride + column];
                Next(ref row, ref column, classes);
                result4[first / 4 + i / 4] = new Float4(x, y, z, stage[row * stride + column]);
            }
        }
        for (int i = whole + Group.IdxX; i < count; i += Group.DimX)
        {
            int row = i / classes;
            result[first + i] = stage[row * (stride - classes) + i];
        }
    }

    private static void Next(ref int row, ref int column, int classes)
    {
        column++;
        if (column == classes)
        {
            column = 0;
            row++;
        }
    }

    /// <summary>The calling thread's warp among all of the grid.</summary>
    internal static long FirstWarp() => (long)Grid.IdxX * (Group.DimX / Warp.WarpSize) + Warp.WarpIdx;

    /// <summary>Warps of the grid.</summary>
    internal static long Warps() => (long)Grid.DimX * (Group.DimX / Warp.WarpSize);

    /// <summary>The sum over the lanes of a row, the same bits in all of them.</summary>
    internal static float Sum(float value, int lanes)
    {
        for (int distance = lanes / 2; distance > 0; distance /= 2)
            value += Warp.ShuffleXor(value, distance);
        return value;
    }

    /// <summary>Whether a logit is larger than another one, of which the first wins a tie; the first NaN is larger than everything.</summary>
    internal static bool IsLarger(float value, int index, float other, int otherIndex)
    {
        if (value > other)
            return true;
        bool isNaN = XMath.IsNaN(value), otherIsNaN = XMath.IsNaN(other);
        return isNaN == otherIsNaN ? (isNaN || value == other) && index < otherIndex : isNaN;
    }
}
