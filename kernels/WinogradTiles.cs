using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Kernels;

/// <summary>Images [N,H,W,C] cut into tiles of 4x4 places, each with the window of 6x6 around it: what <see cref="WinogradConvolution"/> and <see cref="WinogradFilterGradient"/> work on.</summary>
internal readonly unsafe struct WinogradTiles(long samples, int height, int width)
{
    /// <summary>Rows and columns of a tile, and of its window.</summary>
    internal const int Tile = 4, Window = 6;

    /// <summary>Places of a window.</summary>
    internal const int Points = WinogradFilters.Points;

    internal const int Lanes = WinogradFilters.Lanes;

    /// <summary>Floats that <see cref="TransformWindows"/> needs for itself.</summary>
    internal const int Scratch = 2 * Points * Lanes;

    // The squares and products of the points in the matrix.
    private const float A = WinogradFilters.A, B = WinogradFilters.B, A2 = A * A, B2 = B * B, Product = A2 * B2, Sum = A2 + B2;

    internal readonly int Height = height, Width = width, Down = Count(height), Across = Count(width);

    /// <summary>The tiles of images, of which there may be none, but which have a place.</summary>
    internal static WinogradTiles Cut(long samples, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return new(samples, height, width);
    }

    /// <summary>All tiles of all images.</summary>
    internal long All => samples * Down * Across;

    /// <summary>Tiles along so many places.</summary>
    internal static int Count(int places) => (places + Tile - 1) / Tile;

    /// <summary>Floats from one tile's transformed channels to the next's: whole vectors, and never a multiple of a kilobyte, which would share the sets of a cache.</summary>
    internal static int Pitch(int channels) => WinogradFilters.RoundUp(channels) + (channels > 128 ? Lanes : 0);

    /// <summary>B' d B of the windows of tiles, [36][tile][channel], with zeros for what is outside the image and beyond the last channel of a vector.</summary>
    /// <param name="images">[N,H,W,C].</param>
    /// <param name="channels">C.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="transformed">Where it goes; tiles are <see cref="Pitch"/> apart.</param>
    /// <param name="stride">Floats from one of the 36 to the next.</param>
    /// <param name="scratch">[<see cref="Scratch"/>].</param>
    internal void TransformWindows(float* images, int channels, long first, int count, float* transformed, int stride, float* scratch)
    {
        int whole = channels / Lanes * Lanes, row = Width * channels, pitch = Pitch(channels);
        float* window = scratch, half = scratch + Points * Lanes;
        var place = new WinogradPlace(this, first);
        for (int t = 0; t < count; t++, place.Next(), transformed += pitch)
        {
            int y = place.Y * Tile - 1, x = place.X * Tile - 1;
            float* from = images + ((place.Sample * Height + y) * Width + x) * channels;
            bool inside = y >= 0 && x >= 0 && y + Window <= Height && x + Window <= Width;
            for (int c = 0; c < channels; c += Lanes)
            {
                if (inside && c < whole)
                {
                    TransformWindow(from + c, row, channels, transformed + c, stride, half);
                    continue;
                }
                int top = Math.Max(0, -y), left = Math.Max(0, -x), rows = Math.Min(Window, Height - y) - top, columns = Math.Min(Window, Width - x) - left;
                for (int k = 0; k < Points; k++)
                    Vector512<float>.Zero.Store(window + k * Lanes);
                Copy(from + c + (long)top * row + left * channels, row, channels, window + (top * Window + left) * Lanes, Window * Lanes, Lanes, rows, columns, Math.Min(Lanes, channels - c));
                TransformWindow(window, Window * Lanes, Lanes, transformed + c, stride, half);
            }
        }
    }

    /// <summary>Some places, up to 16 channels of each.</summary>
    internal static void Copy(float* from, int fromRow, int fromColumn, float* to, int toRow, int toColumn, int rows, int columns, int lanes)
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                float* source = from + i * fromRow + j * fromColumn, target = to + i * toRow + j * toColumn;
                if (lanes == Lanes)
                    Vector512.Load(source).Store(target);
                else
                    for (int k = 0; k < lanes; k++)
                        target[k] = source[k];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Fma(float factor, Vector512<float> a, Vector512<float> b) => Vector512.FusedMultiplyAdd(Vector512.Create(factor), a, b);

    /// <summary>A float in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> InAll(byte* value) => Vector512.Create(*(float*)value);

    private static void TransformWindow(float* from, int row, int column, float* to, int stride, float* half)
    {
        for (int j = 0; j < Window; j++, from += column)
            TransformLine(from, row, half + j * Lanes, Window * Lanes);
        for (int i = 0; i < Window; i++)
            TransformLine(half + i * Window * Lanes, Lanes, to + i * Window * stride, stride);
    }

    // B' of six vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformLine(float* from, int step, float* to, int stride)
    {
        Vector512<float> d0 = Vector512.Load(from), d1 = Vector512.Load(from + step), d2 = Vector512.Load(from + 2 * step);
        Vector512<float> d3 = Vector512.Load(from + 3 * step), d4 = Vector512.Load(from + 4 * step), d5 = Vector512.Load(from + 5 * step);
        Vector512<float> evenA = Fma(-B2, d2, d4), oddA = Fma(-B2, d1, d3), evenB = Fma(-A2, d2, d4), oddB = Fma(-A2, d1, d3);
        Fma(Product, d0, Fma(-Sum, d2, d4)).Store(to);
        Fma(A, oddA, evenA).Store(to + stride);
        Fma(-A, oddA, evenA).Store(to + 2 * stride);
        Fma(B, oddB, evenB).Store(to + 3 * stride);
        Fma(-B, oddB, evenB).Store(to + 4 * stride);
        Fma(Product, d1, Fma(-Sum, d3, d5)).Store(to + 5 * stride);
    }
}
