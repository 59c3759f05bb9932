using System.Runtime.Intrinsics;

namespace Lacuna.Data.Images;

/// <summary>Conversions of pixels of four bytes, as Pillow does them.</summary>
internal static unsafe class PixelFormats
{
    /// <summary>CMYK as Adobe writes it into JPEG files, every ink inverted, to RGB, in place. JPEG's four components have no other common use, and Pillow
    /// takes all of them for inverted.</summary>
    /// <param name="pixels">[count, 4]: the file's values.</param>
    public static void InvertedCmykToRgb(byte* pixels, long count)
    {
        for (var pixel = pixels; pixel < pixels + count * 4; pixel += 4)
        {
            // White left by the black ink, less what the coloured ink takes of it; the division by 255 rounds.
            int white = pixel[3];
            for (var c = 0; c < 3; c++)
            {
                var taken = (255 - pixel[c]) * white + 128;
                pixel[c] = (byte)Math.Max(0, white - (((taken >> 8) + taken) >> 8));
            }
        }
    }

    /// <summary>Replaces red by the luma of ITU-R BT.601 in 16 bits, as Pillow's convert('L') computes it; grey pixels keep their value.</summary>
    /// <param name="pixels">[count, 4].</param>
    public static void RedBecomesLuma(byte* pixels, long count)
    {
        for (var pixel = pixels; pixel < pixels + count * 4; pixel += 4)
            pixel[0] = (byte)(pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000 >> 16);
    }

    /// <summary>Spreads pixels over planes.</summary>
    /// <param name="pixels">[count, 4].</param>
    /// <param name="planes">The first plane's place for them; the others' lie <paramref name="stride"/> bytes apart.</param>
    /// <param name="channels">How many of the four become planes.</param>
    public static void ToPlanes(byte* pixels, int count, byte* planes, nint stride, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var to = planes + c * stride;
            var low = Vector128.Create(0xffu);
            var i = 0;
            for (; i + 16 <= count; i += 16)
            {
                var a = Vector128.Load((uint*)(pixels + i * 4L)) >>> 8 * c & low;
                var b = Vector128.Load((uint*)(pixels + i * 4L + 16)) >>> 8 * c & low;
                var e = Vector128.Load((uint*)(pixels + i * 4L + 32)) >>> 8 * c & low;
                var f = Vector128.Load((uint*)(pixels + i * 4L + 48)) >>> 8 * c & low;
                Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(e, f)).Store(to + i);
            }
            for (; i < count; i++) to[i] = pixels[i * 4L + c];
        }
    }
}
