using ILGPU;
using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lacuna.Kernels;

/// <summary>
/// Gathers rectangles out of rows of a set of byte images, each scaled to one size by antialiased linear interpolation and mirrored or not, into a batch of floats in [0,1]:
/// <code>y[b,c,i,j] = sum_s sum_t u_i[s] v_k[t] x[rows[b], c, top + s, left + t] / (255 sum_s u_i[s] sum_t v_k[t]),  k = mirror ? W-1-j : j</code>
/// u, v: <see cref="ResizeAxis"/> from the rectangle's height to H and from its width to W. x [M,C,H',W'] uint8; rows [B] int64; crops [B,5] int32 (top, left, height, width, mirror);
/// y [B,C,H,W] or [B,H,W,C] float32. Gathered: x holds the batch's images alone, and nothing is read of rows.
/// <para>Numerator and denominator are whole numbers below 2^53, whatever the order of their sums; their quotient is rounded to float64 and that to float32. So every way gives the same bits,
/// and a rectangle of H x W gives those of <see cref="BatchAssembly"/>.</para>
/// <para>The rectangles come from the host, whose double arithmetic is the same everywhere; logarithms and exponentials of a device are not.</para>
/// <para>Moves 4 B D bytes and those of the rectangles, D = C H W.</para>
/// </summary>
public static unsafe class ResizedCrop
{
    /// <summary>Numbers of a row of crops.</summary>
    public const int CropSize = 5;

    /// <summary>Numbers of an image that a group works on before it looks for the next piece.</summary>
    public const int TileSize = 1024;

    /// <summary>The operation on the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the set, or a rectangle outside the image.</exception>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static void Cpu(byte* set, long* rows, int* crops, float* images, long count, ImageShape shape, bool gathered = false)
    {
        Validate(shape);
        BatchAssembly.ValidateRows(rows, count, shape, gathered);
        for (long n = 0; n < count; n++)
            if (!IsInside(crops[n * CropSize], crops[n * CropSize + 2], shape.StoredHeight) || !IsInside(crops[n * CropSize + 1], crops[n * CropSize + 3], shape.StoredWidth))
                throw new ArgumentOutOfRangeException(nameof(crops), $"Rectangle {n} is not inside an image of {shape.StoredHeight} x {shape.StoredWidth}.");
        if (shape.Elements == 0)
            return;
        Blocks.RunItems(count, shape.Elements, (first, length) =>
        {
            // Weights tap by tap, so that neighbours lie side by side; then their sums, a line, and one tap more of zeros behind it, which weights of zero meet.
            int taps = new ResizeAxis(shape.StoredWidth, shape.Width).MaxTaps, lineSize = shape.StoredWidth + taps;
            double[] numbers = ArrayPool<double>.Shared.Rent((taps + 1) * shape.Width + lineSize);
            int[] places = ArrayPool<int>.Shared.Rent(shape.Width + lineSize);
            numbers.AsSpan().Clear();
            fixed (double* weights = numbers)
            fixed (int* starts = places)
                for (long n = first; n < first + length; n++)
                {
                    int* crop = crops + n * CropSize;
                    var columns = new Columns(starts, weights, weights + taps * shape.Width, shape.Width);
                    columns.Fill(new(crop[3], shape.Width), crop[4] != 0);
                    byte* image = set + (gathered ? n : rows[n]) * shape.StoredElements;
                    One(image, crop, images + n * shape.Elements, shape, columns, starts + shape.Width, weights + (taps + 1) * shape.Width);
                }
            ArrayPool<double>.Shared.Return(numbers);
            ArrayPool<int>.Shared.Return(places);
        });
    }

    /// <summary>Throws where a crop of a stored image could not be scaled to the batch's size.</summary>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static void Validate(ImageShape shape)
    {
        // Rectangles are scaled up as well as down, so the stored image may be smaller.
        (shape with { Height = Math.Min(shape.Height, shape.StoredHeight), Width = Math.Min(shape.Width, shape.StoredWidth) }).Validate();
        (shape with { StoredHeight = shape.Height, StoredWidth = shape.Width }).Validate();
        if (!ResizeAxis.Fits(shape.StoredHeight, shape.Height) || !ResizeAxis.Fits(shape.StoredWidth, shape.Width))
            throw new ArgumentException($"Images of {shape.StoredHeight} x {shape.StoredWidth} cannot be scaled to {shape.Height} x {shape.Width} in one step. Store them smaller.");
    }

    private static bool IsInside(int first, int length, int side) => first >= 0 && length >= 1 && first <= side - length;

    private static void One(byte* image, int* crop, float* to, ImageShape shape, Columns columns, int* sums, double* line)
    {
        var lines = new ResizeAxis(crop[2], shape.Height);
        for (int i = 0; i < shape.Height; i++)
        {
            int first = lines.First(i), last = lines.Last(i), total = 0;
            for (int s = first; s <= last; s++)
                total += lines.Weight(i, s);
            for (int c = 0; c < shape.Channels; c++)
            {
                byte* top = image + ((long)c * shape.StoredHeight + crop[0] + first) * shape.StoredWidth + crop[1];
                AddLines(top, shape.StoredWidth, lines, i, first, last, sums, crop[3]);
                ToDoubles(sums, line, crop[3]);
                if (shape.ChannelsLast)
                    columns.Apply(line, 255.0 * total, to + (long)i * shape.Width * shape.Channels + c, shape.Channels);
                else
                    columns.Apply(line, 255.0 * total, to + ((long)c * shape.Height + i) * shape.Width, 1);
            }
        }
    }

    // Vertically first, where neighbours are summed alike.
    private static void AddLines(byte* top, int pitch, ResizeAxis lines, int i, int first, int last, int* sums, int count)
    {
        int width = Vector<int>.Count, x = 0;
        for (; x <= count - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<int> a = default, b = default, c = default, d = default;
            byte* from = top + x;
            for (int s = first; s <= last; s++, from += pitch)
            {
                Vector<int> weight = new(lines.Weight(i, s));
                Vector.Widen(Vector.Load(from), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low, out Vector<uint> p, out Vector<uint> q);
                Vector.Widen(high, out Vector<uint> r, out Vector<uint> t);
                a += weight * Vector.AsVectorInt32(p);
                b += weight * Vector.AsVectorInt32(q);
                c += weight * Vector.AsVectorInt32(r);
                d += weight * Vector.AsVectorInt32(t);
            }
            a.Store(sums + x);
            b.Store(sums + x + width);
            c.Store(sums + x + 2 * width);
            d.Store(sums + x + 3 * width);
        }
        for (; x < count; x++)
        {
            int sum = 0;
            byte* from = top + x;
            for (int s = first; s <= last; s++, from += pitch)
                sum += lines.Weight(i, s) * *from;
            sums[x] = sum;
        }
    }

    private static void ToDoubles(int* from, double* to, int count)
    {
        int x = 0;
        if (Avx.IsSupported)
            for (; x <= count - 4; x += 4)
                Avx.ConvertToVector256Double(Vector128.Load(from + x)).Store(to + x);
        for (; x < count; x++)
            to[x] = from[x];
    }

    /// <summary>Where each column of the result begins in a line of the rectangle, its weights by tap, and their sum.</summary>
    private readonly struct Columns(int* starts, double* weights, double* totals, int width)
    {
        private readonly int* starts = starts;
        private readonly double* weights = weights, totals = totals;
        private readonly int width = width;

        internal void Fill(ResizeAxis axis, bool mirror)
        {
            new Span<double>(weights, (int)(totals - weights)).Clear();
            for (int j = 0; j < width; j++)
            {
                int k = mirror ? width - 1 - j : j, first = axis.First(k), last = axis.Last(k), total = 0;
                for (int t = first; t <= last; t++)
                {
                    int weight = axis.Weight(k, t);
                    weights[(long)(t - first) * width + j] = weight;
                    total += weight;
                }
                starts[j] = first;
                totals[j] = total;
            }
        }

        internal void Apply(double* line, double total, float* to, int step)
        {
            int j = 0, taps = (int)((totals - weights) / width);
            float* eight = stackalloc float[8];
            for (; j <= width - 8; j += 8)
            {
                Vector256<double> low = default, high = default;
                for (int t = 0; t < taps; t++)
                {
                    double* from = line + t, weight = weights + (long)t * width + j;
                    low += Vector256.Load(weight) * Vector256.Create(from[starts[j]], from[starts[j + 1]], from[starts[j + 2]], from[starts[j + 3]]);
                    high += Vector256.Load(weight + 4) * Vector256.Create(from[starts[j + 4]], from[starts[j + 5]], from[starts[j + 6]], from[starts[j + 7]]);
                }
                Vector256<float> values = Vector256.Narrow(low / (Vector256.Load(totals + j) * total), high / (Vector256.Load(totals + j + 4) * total));
                if (step == 1)
                {
                    values.Store(to + j);
                    continue;
                }
                values.Store(eight);
                for (int k = 0; k < 8; k++)
                    to[(long)(j + k) * step] = eight[k];
            }
            for (; j < width; j++)
            {
                double sum = 0;
                for (int t = 0; t < taps; t++)
                    sum += weights[(long)t * width + j] * line[starts[j] + t];
                to[(long)j * step] = (float)(sum / (totals[j] * total));
            }
        }
    }

    /// <summary>
    /// The operation on the GPU: one group a piece of an image, groups striding over the pieces. A number's whole sum is one thread's: neighbours read the same bytes, which the caches
    /// hold, and there are few where images grow. An image whose row is outside the set, or whose rectangle is outside the image, becomes NaN.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<byte> set, ArrayView<long> rows, ArrayView<int> crops, ArrayView<float> images, int channels, int height, int width,
        int storedHeight, int storedWidth, int channelsLast, int gathered)
    {
        int elements = channels * height * width, storedElements = channels * storedHeight * storedWidth;
        int tiles = (elements + TileSize - 1) / TileSize;
        for (long tile = Grid.IdxX; tile < rows.Length * tiles; tile += Grid.DimX)
        {
            long n = tile / tiles;
            int first = (int)(tile - n * tiles) * TileSize;
            int end = elements - first < TileSize ? elements : first + TileSize;
            long image = gathered != 0 ? n : rows[n], crop = n * CropSize;
            int top = crops[crop], left = crops[crop + 1], cropHeight = crops[crop + 2], cropWidth = crops[crop + 3], mirror = crops[crop + 4];
            bool inside = image >= 0 && image < set.Length / storedElements && IsInside(top, cropHeight, storedHeight) && IsInside(left, cropWidth, storedWidth);
            for (int i = first + Group.IdxX; i < end; i += Group.DimX)
            {
                int c, y, x;
                if (channelsLast != 0)
                {
                    int pixel = i / channels;
                    c = i - pixel * channels;
                    y = pixel / width;
                    x = pixel - y * width;
                }
                else
                {
                    int line = i / width;
                    c = line / height;
                    y = line - c * height;
                    x = i - line * width;
                }
                long start = image * storedElements + ((long)c * storedHeight + top) * storedWidth + left;
                images[n * elements + i] = inside
                    ? Mean(set, start, storedWidth, new ResizeAxis(cropHeight, height), y, new ResizeAxis(cropWidth, width), mirror != 0 ? width - 1 - x : x)
                    : float.NaN;
            }
        }
    }

    private static float Mean(ArrayView<byte> set, long start, int pitch, ResizeAxis lines, int y, ResizeAxis columns, int x)
    {
        int firstColumn = columns.First(x), lastColumn = columns.Last(x), lastLine = lines.Last(y), total = 0, lineTotal = 0;
        for (int t = firstColumn; t <= lastColumn; t++)
            total += columns.Weight(x, t);
        long sum = 0;
        for (int s = lines.First(y); s <= lastLine; s++)
        {
            int line = 0;
            for (int t = firstColumn; t <= lastColumn; t++)
                line += columns.Weight(x, t) * set[start + (long)s * pitch + t];
            int weight = lines.Weight(y, s);
            sum += (long)weight * line;
            lineTotal += weight;
        }
        return (float)(sum / (255.0 * lineTotal * total));
    }
}
