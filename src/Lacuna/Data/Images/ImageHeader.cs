using System.Buffers.Binary;

namespace Lacuna.Data.Images;

/// <summary>What an image's header says, read without decoding it (ITU-T T.81, annex B; PNG specification, section 11.2).</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Greyscale">Whether it has no colours; a palette counts as colours.</param>
internal readonly record struct ImageHeader(long Width, long Height, bool Greyscale)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static ImageKind KindOf(ReadOnlySpan<byte> content) =>
        content is [0xff, 0xd8, 0xff, ..] ? ImageKind.Jpeg : content.StartsWith(PngSignature) ? ImageKind.Png : ImageKind.Other;

    /// <summary>Reads a header.</summary>
    /// <exception cref="BadImageException">It is damaged, or that of another kind of file.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> content) => KindOf(content) switch
    {
        ImageKind.Jpeg => ReadJpeg(content),
        ImageKind.Png => ReadPng(content),
        _ => throw new BadImageException(NoImage(content)),
    };

    /// <summary>What to say of a file of another kind.</summary>
    public static string NoImage(ReadOnlySpan<byte> content) => content switch
    {
        [] => "the file is empty",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "it is a GIF file, whatever its name; only JPEG and PNG are read",
        [(byte)'B', (byte)'M', ..] => "it is a BMP file, whatever its name; only JPEG and PNG are read",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "it is a WebP file, whatever its name; only JPEG and PNG are read",
        _ => $"it is neither JPEG nor PNG: it begins with {Convert.ToHexStringLower(content[..Math.Min(4, content.Length)])}",
    };

    internal static ImageHeader ReadPng(ReadOnlySpan<byte> content)
    {
        if (content.Length < 29 || BinaryPrimitives.ReadUInt32BigEndian(content[8..]) != 13 || !content.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new BadImageException("the PNG file does not begin with a header chunk; it is damaged");
        // Colour types 0 and 4: greyscale, without and with alpha.
        return new(BinaryPrimitives.ReadUInt32BigEndian(content[16..]), BinaryPrimitives.ReadUInt32BigEndian(content[20..]), content[25] is 0 or 4);
    }

    private static ImageHeader ReadJpeg(ReadOnlySpan<byte> content)
    {
        var at = 2;
        while (at + 4 <= content.Length)
        {
            if (content[at] != 0xff)
            {
                at++;
                continue;
            }
            var marker = content[at + 1];
            // Fill bytes, and markers without a length: TEM, RST0 to RST7, SOI.
            if (marker is 0xff or 0x00 or 0x01 or (>= 0xd0 and <= 0xd8))
            {
                at += marker == 0xff ? 1 : 2;
                continue;
            }
            if (marker is 0xd9 or 0xda) break;
            // SOF0 to SOF15, among which lie DHT, JPG and DAC: length (2), precision (1), height (2), width (2), components (1).
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                if (at + 10 > content.Length) break;
                return new(BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]), content[at + 9] == 1);
            }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
        }
        throw new BadImageException($"the JPEG file has no frame header in its {content.Length} bytes; it is truncated or damaged");
    }
}
