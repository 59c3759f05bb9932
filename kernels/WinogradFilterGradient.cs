using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Lacuna.Kernels.WinogradTiles;

namespace Lacuna.Kernels;

/// <summary>
/// The gradient by the filters of the convolution that <see cref="WinogradConvolution"/> does, through the same transforms turned round:
/// <code>
/// g[i,j,c,o] = sum over n, p, q of x[n, p+i-1, q+j-1, c] d[n,p,q,o]
///            = G' [ sum over tiles of (B' x B) * (A d A') ] G    * element by element, x the 6x6 window and d the 4x4 tile
/// </code>
/// x [N,H,W,C], d [N,H,W,O], g [3,3,C,O], float32. Tiles fall into parts by the amount of work alone, and sums over parts are added up in their order: results are the same on any number
/// of processors.
/// <para>36 multiplications where the formula has 144. Moves 4 N H W (C + O) bytes. Where the sums of all filters are few (up to about 40 x 40 channels), each processor has its own and works on
/// tiles in its second cache; otherwise all share the sums, and transformed tiles lie in the last cache meanwhile.</para>
/// For the CPU alone: on CUDA the tensor library's own convolutions have this way among theirs.
/// </summary>
public static unsafe class WinogradFilterGradient
{
    // Floats of transformed tiles at a time, 8 MiB; the sums of all filters are read and written once for each.
    private const int Budget = 1 << 21;

    // Tiles that a processor transforms together, and tiles that are summed in registers.
    private const int Block = 16, Sweep = 256;

    // Sums, 256 KiB, up to which a processor keeps its own; floats of transformed tiles beside them, 384 KiB, and tiles of them; least tiles of a part, and most parts.
    private const int FewSums = 1 << 16, OwnBudget = 3 << 15, LeastTogether = 16, MostTogether = 128, LeastPart = 256, MostParts = 32;

    // Channels whose sums are in registers at a time, by two vectors of outputs.
    private const int Together = 8;

    private const float A = WinogradFilters.A, B = WinogradFilters.B, A2 = A * A, B2 = B * B, A3 = A2 * A, B3 = B2 * B;

    // One over the products of the distances between the points: of G.
    private const float AtZero = 1 / (A2 * B2), AtA = 1 / (2 * A2 * (A2 - B2)), AtB = 1 / (2 * B2 * (B2 - A2));

    /// <summary>The operation on the CPU.</summary>
    /// <param name="input">x.</param>
    /// <param name="gradient">d.</param>
    /// <param name="filters">g, written; not the memory of another.</param>
    /// <param name="samples">N.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">O.</param>
    public static void Cpu(float* input, float* gradient, float* filters, long samples, int height, int width, int channels, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        WinogradTiles tiles = Cut(samples, height, width);
        int pitch = Pitch(channels), gradientPitch = Pitch(outputs), rows = WinogradFilters.RoundUp(channels), columns = WinogradFilters.RoundUp(outputs);
        if (Points * rows * columns <= FewSums)
        {
            InParts(tiles, input, gradient, filters, channels, outputs);
            return;
        }
        long chunk = Math.Min(Blocks.Count(Math.Max(1, tiles.All), Block), Math.Max(Sweep, Budget / (Points * (pitch + gradientPitch))) / Block) * Block;
        long stride = chunk * pitch + Lanes, gradientStride = chunk * gradientPitch + Lanes;
        float[] memory = ArrayPool<float>.Shared.Rent(checked((int)(Points * (stride + gradientStride + (long)rows * columns) + Lanes)));
        try
        {
            fixed (float* start = memory)
            {
                var windows = (float*)(((nint)start + 63) & ~63);
                float* gradients = windows + Points * stride, sums = gradients + Points * gradientStride;
                new Span<float>(sums, Points * rows * columns).Clear();
                for (long first = 0; first < tiles.All; first += chunk)
                {
                    int count = (int)Math.Min(chunk, tiles.All - first);
                    long from = first;
                    Blocks.Each(Blocks.Count(count, Block), block =>
                    {
                        int at = (int)block * Block, some = Math.Min(Block, count - at);
                        float* scratch = stackalloc float[Scratch];
                        tiles.TransformWindows(input, channels, from + at, some, windows + (long)at * pitch, (int)stride, scratch);
                        TransformGradients(tiles, gradient, outputs, from + at, some, gradients + (long)at * gradientPitch, (int)gradientStride, scratch);
                    });
                    Blocks.Each(Points, k => AddProducts(windows + k * stride, pitch, gradients + k * gradientStride, gradientPitch, count, sums + k * rows * columns, rows, columns));
                }
                TransformSums(sums, rows, columns, filters, channels, outputs);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }

    private static void InParts(WinogradTiles tiles, float* input, float* gradient, float* filters, int channels, int outputs)
    {
        int pitch = Pitch(channels), gradientPitch = Pitch(outputs), rows = WinogradFilters.RoundUp(channels), columns = WinogradFilters.RoundUp(outputs), size = Points * rows * columns;
        long parts = Math.Clamp(tiles.All / LeastPart, 1, MostParts), part = Blocks.Count(tiles.All, parts);
        int chunk = Math.Clamp(OwnBudget / (Points * (pitch + gradientPitch)), LeastTogether, MostTogether), stride = chunk * pitch + Lanes, gradientStride = chunk * gradientPitch + Lanes;
        float[] memory = ArrayPool<float>.Shared.Rent((int)parts * size + Lanes);
        fixed (float* start = memory)
        {
            var sums = (float*)(((nint)start + 63) & ~63);
            Blocks.Each(parts, at =>
            {
                float* own = sums + at * size;
                new Span<float>(own, size).Clear();
                float[] transformed = ArrayPool<float>.Shared.Rent(Points * (stride + gradientStride) + Scratch + Lanes);
                fixed (float* begin = transformed)
                {
                    var windows = (float*)(((nint)begin + 63) & ~63);
                    float* gradients = windows + Points * stride, scratch = gradients + Points * gradientStride;
                    long end = Math.Min(tiles.All, (at + 1) * part);
                    for (long first = at * part; first < end; first += chunk)
                    {
                        int count = (int)Math.Min(chunk, end - first);
                        tiles.TransformWindows(input, channels, first, count, windows, stride, scratch);
                        TransformGradients(tiles, gradient, outputs, first, count, gradients, gradientStride, scratch);
                        for (int k = 0; k < Points; k++)
                            AddProducts(windows + k * stride, pitch, gradients + k * gradientStride, gradientPitch, count, own + k * rows * columns, rows, columns);
                    }
                }
                ArrayPool<float>.Shared.Return(transformed);
            });
            for (long at = 1; at < parts; at++)
                for (int i = 0; i < size; i += Lanes)
                    Add(sums + i, Vector512.Load(sums + at * size + i));
            TransformSums(sums, rows, columns, filters, channels, outputs);
        }
        ArrayPool<float>.Shared.Return(memory);
    }

    // A d A' of tiles, [36][tile][output].
    private static void TransformGradients(in WinogradTiles tiles, float* gradient, int outputs, long first, int count, float* transformed, int stride, float* scratch)
    {
        int whole = outputs / Lanes * Lanes, row = tiles.Width * outputs, pitch = Pitch(outputs);
        float* tile = scratch, half = scratch + Points * Lanes;
        var place = new WinogradPlace(tiles, first);
        for (int t = 0; t < count; t++, place.Next(), transformed += pitch)
        {
            int y = place.Y * Tile, x = place.X * Tile, rows = Math.Min(Tile, tiles.Height - y), columns = Math.Min(Tile, tiles.Width - x);
            float* from = gradient + ((place.Sample * tiles.Height + y) * tiles.Width + x) * outputs;
            for (int o = 0; o < outputs; o += Lanes)
            {
                if (rows == Tile && columns == Tile && o < whole)
                {
                    TransformTile(from + o, row, outputs, transformed + o, stride, half);
                    continue;
                }
                for (int k = 0; k < Tile * Tile; k++)
                    Vector512<float>.Zero.Store(tile + k * Lanes);
                Copy(from + o, row, outputs, tile, Tile * Lanes, Lanes, rows, columns, Math.Min(Lanes, outputs - o));
                TransformTile(tile, Tile * Lanes, Lanes, transformed + o, stride, half);
            }
        }
    }

    private static void TransformTile(float* from, int row, int column, float* to, int stride, float* half)
    {
        for (int j = 0; j < Tile; j++, from += column)
            TransformTileLine(from, row, half + j * Lanes, Tile * Lanes);
        for (int i = 0; i < Window; i++)
            TransformTileLine(half + i * Tile * Lanes, Lanes, to + i * Window * stride, stride);
    }

    // A of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformTileLine(float* from, int step, float* to, int stride)
    {
        Vector512<float> d0 = Vector512.Load(from), d1 = Vector512.Load(from + step), d2 = Vector512.Load(from + 2 * step), d3 = Vector512.Load(from + 3 * step);
        Vector512<float> evenA = Fma(A2, d2, d0), oddA = Fma(A3, d3, d1 * A), evenB = Fma(B2, d2, d0), oddB = Fma(B3, d3, d1 * B);
        d0.Store(to);
        (evenA + oddA).Store(to + stride);
        (evenA - oddA).Store(to + 2 * stride);
        (evenB + oddB).Store(to + 3 * stride);
        (evenB - oddB).Store(to + 4 * stride);
        d3.Store(to + 5 * stride);
    }

    // sums[c][o] += sum over tiles of v[t][c] z[t][o], for one of the 36.
    private static void AddProducts(float* v, int pitch, float* z, int gradientPitch, int count, float* sums, int rows, int columns)
    {
        for (int t = 0; t < count; t += Sweep, v += (long)Sweep * pitch, z += (long)Sweep * gradientPitch)
        {
            int some = Math.Min(Sweep, count - t);
            for (int o = 0; o < columns; o += 2 * Lanes)
                for (int c = 0; c < rows; c += Together)
                    if (o + Lanes < columns)
                        AddWide(v + c, pitch, z + o, gradientPitch, some, sums + c * columns + o, columns);
                    else
                        AddNarrow(v + c, pitch, z + o, gradientPitch, some, sums + c * columns + o, columns);
        }
    }

    private static void AddWide(float* v, int pitch, float* z, int gradientPitch, int count, float* sums, int columns)
    {
        Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector512<float> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
        for (int t = 0; t < count; t++, v += pitch, z += gradientPitch)
        {
            Vector512<float> a = Vector512.Load(z), b = Vector512.Load(z + Lanes), x = Vector512.Create(v[0]);
            a0 = Vector512.FusedMultiplyAdd(x, a, a0);
            b0 = Vector512.FusedMultiplyAdd(x, b, b0);
            x = Vector512.Create(v[1]);
            a1 = Vector512.FusedMultiplyAdd(x, a, a1);
            b1 = Vector512.FusedMultiplyAdd(x, b, b1);
            x = Vector512.Create(v[2]);
            a2 = Vector512.FusedMultiplyAdd(x, a, a2);
            b2 = Vector512.FusedMultiplyAdd(x, b, b2);
            x = Vector512.Create(v[3]);
            a3 = Vector512.FusedMultiplyAdd(x, a, a3);
            b3 = Vector512.FusedMultiplyAdd(x, b, b3);
            x = Vector512.Create(v[4]);
            a4 = Vector512.FusedMultiplyAdd(x, a, a4);
            b4 = Vector512.FusedMultiplyAdd(x, b, b4);
            x = Vector512.Create(v[5]);
            a5 = Vector512.FusedMultiplyAdd(x, a, a5);
            b5 = Vector512.FusedMultiplyAdd(x, b, b5);
            x = Vector512.Create(v[6]);
            a6 = Vector512.FusedMultiplyAdd(x, a, a6);
            b6 = Vector512.FusedMultiplyAdd(x, b, b6);
            x = Vector512.Create(v[7]);
            a7 = Vector512.FusedMultiplyAdd(x, a, a7);
            b7 = Vector512.FusedMultiplyAdd(x, b, b7);
        }
        Add(sums, a0, b0);
        Add(sums + columns, a1, b1);
        Add(sums + 2 * columns, a2, b2);
        Add(sums + 3 * columns, a3, b3);
        Add(sums + 4 * columns, a4, b4);
        Add(sums + 5 * columns, a5, b5);
        Add(sums + 6 * columns, a6, b6);
        Add(sums + 7 * columns, a7, b7);
    }

    // The same by 16 outputs.
    private static void AddNarrow(float* v, int pitch, float* z, int gradientPitch, int count, float* sums, int columns)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int t = 0; t < count; t++, v += pitch, z += gradientPitch)
        {
            Vector512<float> a = Vector512.Load(z);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Create(v[0]), a, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Create(v[1]), a, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Create(v[2]), a, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Create(v[3]), a, a3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Create(v[4]), a, a4);
            a5 = Vector512.FusedMultiplyAdd(Vector512.Create(v[5]), a, a5);
            a6 = Vector512.FusedMultiplyAdd(Vector512.Create(v[6]), a, a6);
            a7 = Vector512.FusedMultiplyAdd(Vector512.Create(v[7]), a, a7);
        }
        Add(sums, a0);
        Add(sums + columns, a1);
        Add(sums + 2 * columns, a2);
        Add(sums + 3 * columns, a3);
        Add(sums + 4 * columns, a4);
        Add(sums + 5 * columns, a5);
        Add(sums + 6 * columns, a6);
        Add(sums + 7 * columns, a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, Vector512<float> a) => (Vector512.Load(sums) + a).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, Vector512<float> a, Vector512<float> b)
    {
        Add(sums, a);
        Add(sums + Lanes, b);
    }

    private static void TransformSums(float* sums, int rows, int columns, float* filters, int channels, int outputs) =>
        Blocks.Each(channels, c =>
        {
            for (int o = 0; o < outputs; o += Lanes)
                TransformSums(sums + c * columns + o, rows * columns, filters + c * outputs + o, channels * outputs, Math.Min(Lanes, outputs - o));
        });

    // G' s G of 16 outputs of one channel; taps lie `step` apart.
    private static void TransformSums(float* sums, int stride, float* to, int step, int lanes)
    {
        float* half = stackalloc float[3 * Window * Lanes], taps = stackalloc float[9 * Lanes];
        for (int j = 0; j < Window; j++)
            TransformSumLine(sums + j * stride, Window * stride, half + j * Lanes, Window * Lanes);
        for (int i = 0; i < 3; i++)
            TransformSumLine(half + i * Window * Lanes, Lanes, taps + 3 * i * Lanes, Lanes);
        for (int k = 0; k < 9; k++)
            new ReadOnlySpan<float>(taps + k * Lanes, lanes).CopyTo(new(to + (long)k * step, lanes));
    }

    // G' of six vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformSumLine(float* from, int step, float* to, int stride)
    {
        Vector512<float> s0 = Vector512.Load(from), s1 = Vector512.Load(from + step), s2 = Vector512.Load(from + 2 * step);
        Vector512<float> s3 = Vector512.Load(from + 3 * step), s4 = Vector512.Load(from + 4 * step), s5 = Vector512.Load(from + 5 * step);
        Vector512<float> evenA = s1 + s2, oddA = s1 - s2, evenB = s3 + s4, oddB = s3 - s4;
        Fma(AtZero, s0, Fma(AtB, evenB, evenA * AtA)).Store(to);
        Fma(B * AtB, oddB, oddA * (A * AtA)).Store(to + stride);
        Fma(B2 * AtB, evenB, Fma(A2 * AtA, evenA, s5)).Store(to + 2 * stride);
    }
}
