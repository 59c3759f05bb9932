using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Lacuna.Kernels.WinogradTiles;

namespace Lacuna.Kernels;

/// <summary>
/// Convolution by 3x3 filters at every place, one zero around the image, by the minimal filtering F(4x4, 3x3) of Winograd (Lavin and Gray 2016, section 4.3):
/// <code>
/// y[n,p,q,o] = bias[o] + sum over c, i, j of x[n, p+i-1, q+j-1, c] w[o,c,i,j]
/// a tile of 4x4 of y:  A' [ sum over c of (G w G') * (B' d B) ] A     with d the 6x6 of x around it, * element by element
/// then, as asked:  y += s;   y = min(max(y, 0), ceiling)   or   y = 0 &lt; h &lt; ceiling ? y : 0
/// </code>
/// x [N,H,W,C], y, s, h [N,H,W,O], all float32 and channels-last; any C and O, the fewer idle lanes the nearer they are to multiples of 16. The gradient by the input of such a convolution is one too, with
/// filters turned round and channels exchanged (<see cref="WinogradFilters"/>).
/// <para>36 multiplications where the formula has 144. Moves 4 N H W (C + O) bytes, 4 N H W O more each for s and h; what is between the transforms stays in a processor's caches.</para>
/// <para>The points of the interpolation are 0, 5/8, -5/8, 3/2, -3/2 and infinity, exact in float32 as are all entries of A and B. With the usual 0, 1, -1, 2, -2 errors are about
/// twice as large (four times in the worst output). NaN or infinity in x becomes NaN in every output of the tiles whose windows hold it.</para>
/// For the CPU alone: on CUDA the tensor library's own convolutions have this way among theirs.
/// </summary>
public static unsafe class WinogradConvolution
{
    private const int Panel = WinogradFilters.Panel;

    // Tiles whose sums are in registers at a time, with two vectors of outputs each: 24 of 32 registers.
    private const int Together = 12;

    // Floats of transformed input and sums that a processor works on before it goes to the next tiles, half of its second cache; and least and most tiles of it:
    // every group of tiles reads all filters.
    private const int Budget = 1 << 17, LeastTiles = 4 * Together, MostTiles = 12 * Together;

    // The points 5/8 and 3/2, their squares and their cubes.
    private const float A = WinogradFilters.A, B = WinogradFilters.B, A2 = A * A, B2 = B * B, A3 = A2 * A, B3 = B2 * B;

    /// <summary>Whether this way is the shorter one for such images and channels: measured, it is from 16 channels on, and where tiles do not reach twice as far as the image.</summary>
    public static bool Pays(int height, int width, int channels) => channels >= Lanes && 2L * height * width >= (long)Tile * Tile * Count(height) * Count(width);

    /// <summary>Whether this processor has the vectors that make it worth while: 512 bits. Without, results are the same and slow.</summary>
    public static bool IsAccelerated => Vector512.IsHardwareAccelerated;

    private readonly struct Job(float* input, float* filters, float* output, WinogradTiles tiles, int channels, int outputs)
    {
        internal readonly float* Input = input, Filters = filters, Output = output;
        internal readonly WinogradTiles Tiles = tiles;
        internal readonly int Channels = channels, Outputs = outputs, Pitch = Pitch(channels);

        internal float* Bias { get; init; }

        internal float* Addend { get; init; }

        internal float* Gate { get; init; }

        internal float Ceiling { get; init; }
    }

    /// <summary>The operation with a ReLU or none.</summary>
    /// <param name="input">x.</param>
    /// <param name="filters">As <see cref="WinogradFilters.Prepare"/> leaves them.</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="addend">s; null for none.</param>
    /// <param name="output">y; may be the memory of s, but not of x.</param>
    /// <param name="samples">N.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">O.</param>
    /// <param name="ceiling">Of the ReLU, infinity for a plain one; null for none.</param>
    public static void Cpu(float* input, float* filters, float* bias, float* addend, float* output, long samples, int height, int width, int channels, int outputs, float? ceiling) =>
        Run(new(input, filters, output, Cut(samples, height, width), channels, outputs) { Bias = bias, Addend = addend, Ceiling = ceiling ?? 0 }, (ceiling is not null, addend is not null) switch
        {
            (false, false) => &TransformSums<No, Plain>,
            (false, true) => &TransformSums<Yes, Plain>,
            (true, false) => &TransformSums<No, Relu>,
            (true, true) => &TransformSums<Yes, Relu>,
        });

    /// <summary>The operation with a gate: what a ReLU with ceiling that gave h lets through.</summary>
    /// <inheritdoc cref="Cpu(float*, float*, float*, float*, float*, long, int, int, int, int, float?)"/>
    /// <param name="gate">h.</param>
    /// <param name="ceiling">Of the ReLU that gave h, infinity for a plain one.</param>
    public static void GatedCpu(float* input, float* filters, float* addend, float* gate, float* output, long samples, int height, int width, int channels, int outputs, float ceiling) =>
        Run(new(input, filters, output, Cut(samples, height, width), channels, outputs) { Addend = addend, Gate = gate, Ceiling = ceiling },
            addend is null ? &TransformSums<No, Gated> : &TransformSums<Yes, Gated>);

    private static void Run(Job job, delegate*<in Job, long, int, int, float*, int, int, float*, void> transformSums)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(job.Channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(job.Outputs);
        long tiles = job.Tiles.All;
        int workers = Environment.ProcessorCount;
        // Whole groups of tiles, and no processor without work while another has much.
        int panel = Math.Min(Panel, WinogradFilters.RoundUp(job.Outputs));
        long most = Math.Clamp(Budget / (Points * (job.Pitch + panel)), LeastTiles, MostTiles);
        int chunk = (int)Math.Min(most, Blocks.Count(tiles, workers));
        chunk = (int)Blocks.Count(chunk, Together) * Together;
        long chunks = Blocks.Count(tiles, chunk), next = 0;
        int inputStride = chunk * job.Pitch + Lanes, sumStride = chunk * panel + Lanes;
        Blocks.Each(Math.Min(workers, chunks), _ =>
        {
            float[] memory = ArrayPool<float>.Shared.Rent(Points * (inputStride + sumStride) + Scratch + Lanes);
            fixed (float* start = memory)
            {
                var transformed = (float*)(((nint)start + 63) & ~63);
                float* sums = transformed + Points * inputStride, scratch = sums + Points * sumStride;
                for (long at; (at = Interlocked.Increment(ref next) - 1) < chunks;)
                {
                    long first = at * chunk;
                    int count = (int)Math.Min(chunk, tiles - first);
                    job.Tiles.TransformWindows(job.Input, job.Channels, first, count, transformed, inputStride, scratch);
                    Multiply(job, first, count, transformed, inputStride, sums, sumStride, scratch, transformSums);
                }
            }
            ArrayPool<float>.Shared.Return(memory);
        });
    }

    // Products of all channels, 32 outputs at a time so that their sums stay in the second cache, and from these the outputs.
    private static void Multiply(in Job job, long first, int count, float* transformed, int inputStride, float* sums, int sumStride, float* half,
        delegate*<in Job, long, int, int, float*, int, int, float*, void> transformSums)
    {
        int rounded = WinogradFilters.RoundUp(job.Outputs);
        for (int output = 0; output < rounded; output += Panel)
        {
            int width = Math.Min(Panel, rounded - output);
            float* filters = job.Filters + (long)output * Points * job.Channels;
            for (int k = 0; k < Points; k++, filters += job.Channels * width)
            {
                float* v = transformed + k * inputStride, m = sums + k * sumStride;
                for (int t = 0; t < count; t += Together, v += Together * job.Pitch, m += Together * width)
                    if (width == Panel)
                        MultiplyWide(v, job.Pitch, filters, job.Channels, m);
                    else
                        MultiplyNarrow(v, job.Pitch, filters, job.Channels, m);
            }
            for (int part = 0; part < width && output + part < job.Outputs; part += Lanes)
                transformSums(job, first, count, output + part, sums + part, width, sumStride, half);
        }
    }

    // 12 tiles by 32 outputs, summed over the channels. Beyond the last tile is what was there before: it reaches nothing but its own sums, which nobody reads.
    private static void MultiplyWide(float* v, int pitch, float* u, int channels, float* m)
    {
        Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector512<float> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
        Vector512<float> a8 = default, b8 = default, a9 = default, b9 = default, a10 = default, b10 = default, a11 = default, b11 = default;
        nint one = pitch * sizeof(float), two = 2 * one;
        byte* v0 = (byte*)v, v3 = v0 + 3 * one, v6 = v3 + 3 * one, v9 = v6 + 3 * one;
        for (float* end = u + channels * Panel; u < end; u += Panel, v0 += sizeof(float), v3 += sizeof(float), v6 += sizeof(float), v9 += sizeof(float))
        {
            Vector512<float> a = Vector512.Load(u), b = Vector512.Load(u + Lanes);
            Vector512<float> x = InAll(v0);
            a0 = Vector512.FusedMultiplyAdd(x, a, a0);
            b0 = Vector512.FusedMultiplyAdd(x, b, b0);
            x = InAll(v0 + one);
            a1 = Vector512.FusedMultiplyAdd(x, a, a1);
            b1 = Vector512.FusedMultiplyAdd(x, b, b1);
            x = InAll(v0 + two);
            a2 = Vector512.FusedMultiplyAdd(x, a, a2);
            b2 = Vector512.FusedMultiplyAdd(x, b, b2);
            x = InAll(v3);
            a3 = Vector512.FusedMultiplyAdd(x, a, a3);
            b3 = Vector512.FusedMultiplyAdd(x, b, b3);
            x = InAll(v3 + one);
            a4 = Vector512.FusedMultiplyAdd(x, a, a4);
            b4 = Vector512.FusedMultiplyAdd(x, b, b4);
            x = InAll(v3 + two);
            a5 = Vector512.FusedMultiplyAdd(x, a, a5);
            b5 = Vector512.FusedMultiplyAdd(x, b, b5);
            x = InAll(v6);
            a6 = Vector512.FusedMultiplyAdd(x, a, a6);
            b6 = Vector512.FusedMultiplyAdd(x, b, b6);
            x = InAll(v6 + one);
            a7 = Vector512.FusedMultiplyAdd(x, a, a7);
            b7 = Vector512.FusedMultiplyAdd(x, b, b7);
            x = InAll(v6 + two);
            a8 = Vector512.FusedMultiplyAdd(x, a, a8);
            b8 = Vector512.FusedMultiplyAdd(x, b, b8);
            x = InAll(v9);
            a9 = Vector512.FusedMultiplyAdd(x, a, a9);
            b9 = Vector512.FusedMultiplyAdd(x, b, b9);
            x = InAll(v9 + one);
            a10 = Vector512.FusedMultiplyAdd(x, a, a10);
            b10 = Vector512.FusedMultiplyAdd(x, b, b10);
            x = InAll(v9 + two);
            a11 = Vector512.FusedMultiplyAdd(x, a, a11);
            b11 = Vector512.FusedMultiplyAdd(x, b, b11);
        }
        Store(m, a0, b0);
        Store(m + Panel, a1, b1);
        Store(m + 2 * Panel, a2, b2);
        Store(m + 3 * Panel, a3, b3);
        Store(m + 4 * Panel, a4, b4);
        Store(m + 5 * Panel, a5, b5);
        Store(m + 6 * Panel, a6, b6);
        Store(m + 7 * Panel, a7, b7);
        Store(m + 8 * Panel, a8, b8);
        Store(m + 9 * Panel, a9, b9);
        Store(m + 10 * Panel, a10, b10);
        Store(m + 11 * Panel, a11, b11);
    }

    // The same by 16 outputs.
    private static void MultiplyNarrow(float* v, int pitch, float* u, int channels, float* m)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        nint one = pitch * sizeof(float), two = 2 * one;
        byte* v0 = (byte*)v, v3 = v0 + 3 * one, v6 = v3 + 3 * one, v9 = v6 + 3 * one;
        for (float* end = u + channels * Lanes; u < end; u += Lanes, v0 += sizeof(float), v3 += sizeof(float), v6 += sizeof(float), v9 += sizeof(float))
        {
            Vector512<float> a = Vector512.Load(u);
            a0 = Vector512.FusedMultiplyAdd(InAll(v0), a, a0);
            a1 = Vector512.FusedMultiplyAdd(InAll(v0 + one), a, a1);
            a2 = Vector512.FusedMultiplyAdd(InAll(v0 + two), a, a2);
            a3 = Vector512.FusedMultiplyAdd(InAll(v3), a, a3);
            a4 = Vector512.FusedMultiplyAdd(InAll(v3 + one), a, a4);
            a5 = Vector512.FusedMultiplyAdd(InAll(v3 + two), a, a5);
            a6 = Vector512.FusedMultiplyAdd(InAll(v6), a, a6);
            a7 = Vector512.FusedMultiplyAdd(InAll(v6 + one), a, a7);
            a8 = Vector512.FusedMultiplyAdd(InAll(v6 + two), a, a8);
            a9 = Vector512.FusedMultiplyAdd(InAll(v9), a, a9);
            a10 = Vector512.FusedMultiplyAdd(InAll(v9 + one), a, a10);
            a11 = Vector512.FusedMultiplyAdd(InAll(v9 + two), a, a11);
        }
        a0.Store(m);
        a1.Store(m + Lanes);
        a2.Store(m + 2 * Lanes);
        a3.Store(m + 3 * Lanes);
        a4.Store(m + 4 * Lanes);
        a5.Store(m + 5 * Lanes);
        a6.Store(m + 6 * Lanes);
        a7.Store(m + 7 * Lanes);
        a8.Store(m + 8 * Lanes);
        a9.Store(m + 9 * Lanes);
        a10.Store(m + 10 * Lanes);
        a11.Store(m + 11 * Lanes);
    }

    // A' m A of the tiles for 16 outputs, and what is done to it.
    private static void TransformSums<TAddend, TFinish>(in Job job, long first, int count, int output, float* sums, int width, int stride, float* half)
        where TAddend : struct, IChoice where TFinish : struct, IFinish
    {
        int lanes = Math.Min(Lanes, job.Outputs - output), height = job.Tiles.Height, across = job.Tiles.Width, row = across * job.Outputs;
        Vector512<float> bias = job.Bias is null ? default : LoadPart(job.Bias + output, lanes), ceiling = Vector512.Create(job.Ceiling);
        float* scratch = half + Window * Tile * Lanes; // behind the half-done transform
        float* addends = scratch + Tile * Tile * Lanes, gates = addends + Tile * Tile * Lanes;
        var place = new WinogradPlace(job.Tiles, first);
        for (int t = 0; t < count; t++, place.Next(), sums += width)
        {
            float* turned = half;
            for (int j = 0; j < Window; j++, turned += Lanes)
            {
                TransformSumLine(sums + j * stride, Window * stride, out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2, out Vector512<float> y3);
                y0.Store(turned);
                y1.Store(turned + Window * Lanes);
                y2.Store(turned + 2 * Window * Lanes);
                y3.Store(turned + 3 * Window * Lanes);
            }
            int y = place.Y * Tile, x = place.X * Tile, rows = Math.Min(Tile, height - y), columns = Math.Min(Tile, across - x);
            long at = ((place.Sample * height + y) * across + x) * job.Outputs + output;
            float* to = job.Output + at, addend = TAddend.Is ? job.Addend + at : null, gate = TFinish.Gates ? job.Gate + at : null;
            if (lanes == Lanes && rows == Tile && columns == Tile)
            {
                FinishTile<TAddend, TFinish>(half, bias, ceiling, addend, gate, to, row, job.Outputs);
                continue;
            }
            if (TAddend.Is)
                Copy(addend, row, job.Outputs, addends, Tile * Lanes, Lanes, rows, columns, lanes);
            if (TFinish.Gates)
                Copy(gate, row, job.Outputs, gates, Tile * Lanes, Lanes, rows, columns, lanes);
            FinishTile<TAddend, TFinish>(half, bias, ceiling, addends, gates, scratch, Tile * Lanes, Lanes);
            Copy(scratch, Tile * Lanes, Lanes, to, row, job.Outputs, rows, columns, lanes);
        }
    }

    private static void FinishTile<TAddend, TFinish>(float* half, Vector512<float> bias, Vector512<float> ceiling, float* addend, float* gate, float* to, int row, int column)
        where TAddend : struct, IChoice where TFinish : struct, IFinish
    {
        for (int i = 0; i < Tile; i++, half += Window * Lanes, addend += row, gate += row, to += row)
        {
            TransformSumLine(half, Lanes, out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2, out Vector512<float> y3);
            Finished<TAddend, TFinish>(y0 + bias, ceiling, addend, gate).Store(to);
            Finished<TAddend, TFinish>(y1 + bias, ceiling, addend + column, gate + column).Store(to + column);
            Finished<TAddend, TFinish>(y2 + bias, ceiling, addend + 2 * column, gate + 2 * column).Store(to + 2 * column);
            Finished<TAddend, TFinish>(y3 + bias, ceiling, addend + 3 * column, gate + 3 * column).Store(to + 3 * column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Finished<TAddend, TFinish>(Vector512<float> value, Vector512<float> ceiling, float* addend, float* gate)
        where TAddend : struct, IChoice where TFinish : struct, IFinish
    {
        if (TAddend.Is)
            value += Vector512.Load(addend);
        if (TFinish.Clamps)
        {
            // Selections and not min and max: NaN passes.
            value = Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), Vector512<float>.Zero, value);
            value = Vector512.ConditionalSelect(Vector512.GreaterThan(value, ceiling), ceiling, value);
        }
        if (TFinish.Gates)
        {
            Vector512<float> activation = Vector512.Load(gate);
            value = Vector512.ConditionalSelect(Vector512.GreaterThan(activation, Vector512<float>.Zero) & Vector512.LessThan(activation, ceiling), value, Vector512<float>.Zero);
        }
        return value;
    }

    // A' of six vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformSumLine(float* from, int step, out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2, out Vector512<float> y3)
    {
        Vector512<float> m0 = Vector512.Load(from), m1 = Vector512.Load(from + step), m2 = Vector512.Load(from + 2 * step);
        Vector512<float> m3 = Vector512.Load(from + 3 * step), m4 = Vector512.Load(from + 4 * step), m5 = Vector512.Load(from + 5 * step);
        Vector512<float> evenA = m1 + m2, oddA = m1 - m2, evenB = m3 + m4, oddB = m3 - m4;
        y0 = m0 + evenA + evenB;
        y1 = Fma(B, oddB, oddA * A);
        y2 = Fma(B2, evenB, evenA * A2);
        y3 = Fma(B3, oddB, Fma(A3, oddA, m5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> a, Vector512<float> b)
    {
        a.Store(to);
        b.Store(to + Lanes);
    }

    private static Vector512<float> LoadPart(float* from, int lanes)
    {
        float* copy = stackalloc float[Lanes];
        new Span<float>(copy, Lanes).Clear();
        new ReadOnlySpan<float>(from, lanes).CopyTo(new(copy, Lanes));
        return Vector512.Load(copy);
    }

    // What is done to an output before it is stored, as types: each choice is compiled on its own.
    private interface IChoice
    {
        static abstract bool Is { get; }
    }

    private readonly struct Yes : IChoice
    {
        public static bool Is => true;
    }

    private readonly struct No : IChoice
    {
        public static bool Is => false;
    }

    private interface IFinish
    {
        static abstract bool Clamps { get; }

        static abstract bool Gates { get; }
    }

    private readonly struct Plain : IFinish
    {
        public static bool Clamps => false;

        public static bool Gates => false;
    }

    private readonly struct Relu : IFinish
    {
        public static bool Clamps => true;

        public static bool Gates => false;
    }

    private readonly struct Gated : IFinish
    {
        public static bool Clamps => false;

        public static bool Gates => true;
    }
}
