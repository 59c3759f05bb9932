using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Data.Images;

/// <summary>
/// torchvision's Resize(R) and CenterCrop(S) on a PIL image, to the bit: the shorter side becomes R, antialiased bilinear, and only the square of S that
/// is kept is computed. Rows first, then columns, rounded to 8 bits in between. For one thread at a time; it keeps its buffers.
/// </summary>
internal sealed unsafe class Resampler : IDisposable
{
    private readonly ResampleWeights _across = new();
    private readonly ResampleWeights _down = new();
    private readonly NativeBuffer _narrow = new();
    private readonly NativeBuffer _row = new();

    /// <summary>Both sides after the shorter one became <paramref name="size"/>: the longer is cut off to whole pixels, as Python's int() does.</summary>
    public static (int Width, int Height) SizeAfter(int width, int height, int size)
    {
        var (shorter, longer) = width <= height ? (width, height) : (height, width);
        var other = (int)((double)((long)size * longer) / shorter);
        return width <= height ? (size, other) : (other, size);
    }

    /// <summary>Where a square of <paramref name="kept"/> begins in <paramref name="length"/>: halves go to the even number, as Python's round() does.</summary>
    public static int CropStart(int length, int kept) => (int)Math.Round((length - kept) / 2.0, MidpointRounding.ToEven);

    /// <summary>Resizes and cuts.</summary>
    /// <param name="image">What was decoded.</param>
    /// <param name="resize">R; null: only cut.</param>
    /// <param name="kept">S.</param>
    /// <param name="planes">[channels, S, S].</param>
    public void Run(DecodedImage image, int? resize, int kept, byte* planes, int channels)
    {
        var (width, height) = resize is { } size ? SizeAfter(image.Width, image.Height, size) : (image.Width, image.Height);
        if (kept > width || kept > height) throw new BadImageException($"it has {image.Width}x{image.Height} pixels; a square of {kept} cannot be cut out of it");
        var (left, top) = (CropStart(width, kept), CropStart(height, kept));
        if ((width, height) == (image.Width, image.Height))
        {
            for (var y = 0; y < kept; y++) PixelFormats.ToPlanes(image.Pixels + ((long)(top + y) * width + left) * 4, kept, planes + y * kept, kept * kept, channels);
            return;
        }
        _across.Set(image.Width, width, left, kept);
        _down.Set(image.Height, height, top, kept);
        var first = _down.First[0];
        var rows = _down.First[kept - 1] + _down.Count[kept - 1] - first;
        // Whole vectors are read and written beyond the last pixel.
        var stride = (kept * 4L + 15) / 16 * 16;
        var narrow = _narrow.Reserve(rows * stride);
        for (var y = 0; y < rows; y++) Across((uint*)image.Pixels + (long)(first + y) * image.Width, (uint*)(narrow + y * stride), kept);
        var row = _row.Reserve(stride);
        for (var y = 0; y < kept; y++)
        {
            Down(narrow + (_down.First[y] - first) * stride, stride, _down.Values.AsSpan(y * _down.Stride, _down.Count[y]), row);
            PixelFormats.ToPlanes(row, kept, planes + y * kept, kept * kept, channels);
        }
    }

    public void Dispose()
    {
        _narrow.Dispose();
        _row.Dispose();
    }

    // One output pixel after the other, its four bytes side by side in a vector.
    private void Across(uint* from, uint* to, int count)
    {
        fixed (int* values = _across.Values)
        {
            for (var x = 0; x < count; x++)
            {
                var pixel = from + _across.First[x];
                var weight = values + x * _across.Stride;
                var taps = _across.Count[x];
                var (even, odd) = (Vector128.Create(1 << (ResampleWeights.Bits - 1)), Vector128<int>.Zero);
                var t = 0;
                for (; t + 4 <= taps; t += 4)
                {
                    var (low, high) = Vector128.Widen(Vector128.Load((byte*)(pixel + t)));
                    even += Vector128.WidenLower(low).AsInt32() * Vector128.Create(weight[t]) + Vector128.WidenLower(high).AsInt32() * Vector128.Create(weight[t + 2]);
                    odd += Vector128.WidenUpper(low).AsInt32() * Vector128.Create(weight[t + 1]) + Vector128.WidenUpper(high).AsInt32() * Vector128.Create(weight[t + 3]);
                }
                for (; t < taps; t++) even += Widen(pixel[t]) * Vector128.Create(weight[t]);
                to[x] = Narrow(even + odd);
            }
        }
    }

    // Sixteen bytes of a row at a time, whatever channel they are of.
    private static void Down(byte* from, long stride, ReadOnlySpan<int> weights, byte* to)
    {
        for (var x = 0L; x < stride; x += 16)
        {
            var half = Vector128.Create(1 << (ResampleWeights.Bits - 1));
            var (a, b, c, d) = (half, half, half, half);
            var at = from + x;
            foreach (var value in weights)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(at));
                var weight = Vector128.Create(value);
                a += Vector128.WidenLower(low).AsInt32() * weight;
                b += Vector128.WidenUpper(low).AsInt32() * weight;
                c += Vector128.WidenLower(high).AsInt32() * weight;
                d += Vector128.WidenUpper(high).AsInt32() * weight;
                at += stride;
            }
            var (ab, cd) = (Vector128.Narrow(a >> ResampleWeights.Bits, b >> ResampleWeights.Bits), Vector128.Narrow(c >> ResampleWeights.Bits, d >> ResampleWeights.Bits));
            Vector128.Narrow(ab.AsUInt16(), cd.AsUInt16()).Store(to + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();

    // Weights are positive and their sum is 1 to within a few units of the last of 22 places: nothing leaves 0, ..., 255, and nothing need be clipped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(Vector128<int> sum)
    {
        var words = Vector128.Narrow(sum >> ResampleWeights.Bits, Vector128<int>.Zero).AsUInt16();
        return Vector128.Narrow(words, Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }
}
