using ILGPU;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lacuna.Kernels;

/// <summary>
/// Gathers rows of a set of byte images into a batch of floats in [0,1]: of each the middle, which may be shifted at random, beyond the image's edge too, and mirrored:
/// <code>y[b,c,h,w] = x[rows[b], c, h + top, (mirror ? W-1-w : w) + left] / 255, zero outside the image</code>
/// x [M,C,H',W'] uint8; rows [B] int64; y [B,C,H,W] or [B,H,W,C] float32. top and left are the middle's (<see cref="ImageShape.Middle"/>) plus <see cref="CropAndFlip"/>'s draws for
/// rows[b], and so is mirror: an image comes out the same in whatever batch it is and wherever that is made. Of sets that are too large for that, x holds the batch's
/// images alone, [B,C,H',W'] (gathered), and rows only says whose draws they take.
/// <para>Moves 5 B D bytes, D = C H W.</para>
/// </summary>
public static unsafe class BatchAssembly
{
    // x / 255 for whole x is the bits of x repeated without end; this is the first five repeats in two exact factors. The quotient's next bits are x
    // again and never close to half a unit in the last place, so the two products' sum rounds as the division does: for all 256 values, fused or not.
    private const float Head = 257f / (1 << 16);
    private const float Tail = 65793f / (1L << 40);

    /// <summary>Bytes that wait, cropped and mirrored, to become floats: they stay in the first-level cache.</summary>
    private const int StageSize = 4096;

    /// <summary>Numbers of an image that a group works on before it looks for the next piece.</summary>
    public const int TileSize = 2048;

    private const int ChannelsLastBit = 1, FlipBit = 2, GatheredBit = 4, WideBit = 8;

    /// <summary>The operation on the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the set.</exception>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static void Cpu(byte* set, long* rows, float* images, long count, ImageShape shape, CropAndFlip augmentation = default, bool gathered = false)
    {
        shape.Validate();
        augmentation.Validate();
        ValidateRows(rows, count, shape, gathered);
        int elements = shape.Elements;
        bool whole = shape.StoredHeight == shape.Height && shape.StoredWidth == shape.Width;
        bool asTheyAre = whole && augmentation.IsNone && (!shape.ChannelsLast || shape.Channels == 1);
        Blocks.RunItems(count, elements, (first, length) =>
        {
            byte* stage = stackalloc byte[StageSize];
            for (long n = first; n < first + length; n++)
            {
                byte* image = set + (gathered ? n : rows[n]) * shape.StoredElements;
                float* to = images + n * elements;
                if (asTheyAre)
                {
                    Convert(image, to, elements);
                    continue;
                }
                var (top, left, mirror) = augmentation.Draw(rows[n]);
                top += ImageShape.Middle(shape.StoredHeight, shape.Height);
                left += ImageShape.Middle(shape.StoredWidth, shape.Width);
                if (shape.ChannelsLast)
                    Interleaved(image, to, shape, (top, left, mirror), stage);
                else
                    Planar(image, to, shape, (top, left, mirror), stage);
            }
        });
    }

    internal static void ValidateRows(long* rows, long count, ImageShape shape, bool gathered)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (gathered)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, shape.Images);
            return;
        }
        for (long n = 0; n < count; n++)
            if ((ulong)rows[n] >= (ulong)shape.Images)
                throw new ArgumentOutOfRangeException(nameof(rows), rows[n], $"Row {n} of the batch is outside the set of {shape.Images} images.");
    }

    private static void Planar(byte* image, float* to, ImageShape shape, (int Top, int Left, int Mirror) draw, byte* stage)
    {
        for (int first = 0; first < shape.Elements; first += StageSize)
        {
            int count = Math.Min(StageSize, shape.Elements - first);
            Fill(stage, image, first, count, shape, draw);
            Convert(stage, to + first, count);
        }
    }

    private static void Interleaved(byte* image, float* to, ImageShape shape, (int Top, int Left, int Mirror) draw, byte* stage)
    {
        int plane = shape.Height * shape.Width, channels = shape.Channels;
        for (int first = 0; first < plane; first += StageSize)
        {
            int count = Math.Min(StageSize, plane - first);
            for (int c = 0; c < channels; c++)
            {
                Fill(stage, image, c * plane + first, count, shape, draw);
                float* pixel = to + (long)first * channels + c;
                for (int i = 0; i < count; i++, pixel += channels)
                    *pixel = ToUnit(stage[i]);
            }
        }
    }

    // Numbers first, ..., first + count - 1 of the cropped and mirrored image, piece of line by piece of line.
    private static void Fill(byte* stage, byte* image, int first, int count, ImageShape shape, (int Top, int Left, int Mirror) draw)
    {
        int width = shape.Width, height = shape.Height, storedWidth = shape.StoredWidth, left = draw.Left;
        int line = first / width, begin = first % width;
        while (count > 0)
        {
            int length = Math.Min(width - begin, count), end = begin + length;
            int channel = line / height, y = line - channel * height + draw.Top;
            // Columns from low on and before high come from the image. Pointers are taken only inside it.
            int low = Math.Clamp(draw.Mirror != 0 ? width + left - storedWidth : -left, begin, end);
            int high = Math.Clamp(draw.Mirror != 0 ? width + left : storedWidth - left, low, end);
            if ((uint)y >= (uint)shape.StoredHeight || low == high)
                new Span<byte>(stage, length).Clear();
            else
            {
                byte* from = image + (channel * shape.StoredHeight + y) * storedWidth;
                new Span<byte>(stage, low - begin).Clear();
                if (draw.Mirror != 0)
                    CopyReversed(from + (width - high + left), stage + (low - begin), high - low);
                else
                    new ReadOnlySpan<byte>(from + low + left, high - low).CopyTo(new(stage + (low - begin), high - low));
                new Span<byte>(stage + (high - begin), end - high).Clear();
            }
            stage += length;
            count -= length;
            begin = 0;
            line++;
        }
    }

    private static void CopyReversed(byte* from, byte* to, int count)
    {
        Vector128<byte> reversed = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        int i = 0;
        for (; i <= count - 16; i += 16)
            Vector128.Shuffle(Vector128.Load(from + count - 16 - i), reversed).Store(to + i);
        if (i < count && count >= 16) // the last sixteen once more, in one go
            Vector128.Shuffle(Vector128.Load(from), reversed).Store(to + count - 16);
        else
            for (; i < count; i++)
                to[i] = from[count - 1 - i];
    }

    private static void Convert(byte* from, float* to, int count)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.Load(from + i), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            ToUnit(a).Store(to + i);
            ToUnit(b).Store(to + i + width);
            ToUnit(c).Store(to + i + 2 * width);
            ToUnit(d).Store(to + i + 3 * width);
        }
        for (; i < count; i++)
            to[i] = ToUnit(from[i]);
    }

    private static Vector<float> ToUnit(Vector<uint> pixels)
    {
        Vector<float> value = Vector.ConvertToSingle(Vector.AsVectorInt32(pixels));
        return value * Head + value * Tail;
    }

    /// <summary>x / 255f, to the bit. Usable in kernels, whose division is slower and need not round to nearest.</summary>
    internal static float ToUnit(byte pixel)
    {
        float value = pixel;
        return value * Head + value * Tail;
    }

    /// <summary>The last argument of <see cref="Kernel"/>.</summary>
    /// <param name="channelsLast">Whether the result is [B, H, W, C].</param>
    /// <param name="flip">Whether half of the images are mirrored.</param>
    /// <param name="gathered">Whether the set holds the batch's images alone.</param>
    /// <param name="wide">Whether D and the result's address allow stores of 16 bytes.</param>
    public static int Options(bool channelsLast, bool flip, bool gathered, bool wide) =>
        (channelsLast ? ChannelsLastBit : 0) | (flip ? FlipBit : 0) | (gathered ? GatheredBit : 0) | (wide ? WideBit : 0);

    /// <summary>
    /// The operation on the GPU: one group a piece of an image, groups striding over the pieces; the first thread draws for all. An image whose row is outside the
    /// set becomes NaN.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<byte> set, ArrayView<long> rows, ArrayView<float> images, int channels, int height, int width, int storedHeight, int storedWidth,
        int padding, long seed, int epoch, int options)
    {
        ArrayView<int> drawn = SharedMemory.Allocate<int>(4);
        int elements = channels * height * width, storedElements = channels * storedHeight * storedWidth, channelsLast = options & ChannelsLastBit;
        int tiles = (elements + TileSize - 1) / TileSize;
        for (long tile = Grid.IdxX; tile < rows.Length * tiles; tile += Grid.DimX)
        {
            long n = tile / tiles;
            int first = (int)(tile - n * tiles) * TileSize;
            int end = elements - first < TileSize ? elements : first + TileSize;
            long image = (options & GatheredBit) != 0 ? n : rows[n];
            if (Group.IdxX == 0)
            {
                var (top, left, mirror) = CropAndFlip.Draw(padding, options & FlipBit, seed, epoch, rows[n]);
                drawn[0] = top + ImageShape.Middle(storedHeight, height);
                drawn[1] = left + ImageShape.Middle(storedWidth, width);
                drawn[2] = mirror;
                drawn[3] = image >= 0 && image < set.Length / storedElements ? 1 : 0;
            }
            Group.Barrier();
            var source = new CroppedImage(image * storedElements, channels, height, width, storedHeight, storedWidth, drawn[0], drawn[1], drawn[2]);
            bool inside = drawn[3] != 0;
            if ((options & WideBit) != 0)
            {
                ArrayView<Float4> fours = images.Cast<Float4>();
                for (int i = first + 4 * Group.IdxX; i < end; i += 4 * Group.DimX)
                {
                    PixelPlace p0 = source.Place(i, channelsLast), p1 = source.After(p0, channelsLast), p2 = source.After(p1, channelsLast), p3 = source.After(p2, channelsLast);
                    fours[(n * elements + i) / 4] = new(Pixel(set, inside, source, p0), Pixel(set, inside, source, p1), Pixel(set, inside, source, p2), Pixel(set, inside, source, p3));
                }
            }
            else
                for (int i = first + Group.IdxX; i < end; i += Group.DimX)
                    images[n * elements + i] = Pixel(set, inside, source, source.Place(i, channelsLast));
            Group.Barrier(); // before the next draw overwrites this one
        }
    }

    private static float Pixel(ArrayView<byte> set, bool inside, CroppedImage source, PixelPlace place)
    {
        if (!inside)
            return float.NaN;
        long index = source.Index(place);
        return index < 0 ? 0 : ToUnit(set[index]);
    }
}
