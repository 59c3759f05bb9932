using System.Buffers.Binary;
using System.IO.Compression;

namespace Lacuna.Data;

/// <summary>Reads the IDX files of MNIST and its kin, plain or gzip-compressed (told apart by content).</summary>
/// <remarks>
/// Format (http://yann.lecun.com/exdb/mnist): big-endian int32 magic (0x803 images, 0x801 labels) and one size per dimension, then bytes.
/// The declared size bounds what is ever read, and it is held against the file's own length before memory is taken, so neither a lying header
/// nor a decompression bomb costs more than the set it declares. Offsets in messages are those of the decompressed bytes.
/// </remarks>
public static class IdxFile
{
    private const uint ImageMagic = 0x803;
    private const uint LabelMagic = 0x801;

    // DEFLATE cannot expand by more: a match of 258 bytes takes at least two bits.
    private const long DeflateLimit = 1032;

    /// <summary>Reads an image file.</summary>
    /// <exception cref="DataFileException">The file is missing, truncated, too long, or not an IDX image file.</exception>
    public static IdxImages ReadImages(string path)
    {
        using FileStream file = Open(path);
        return ReadImages(file, path);
    }

    /// <summary>Reads a label file: one byte an image.</summary>
    /// <exception cref="DataFileException">The file is missing, truncated, too long, or not an IDX label file.</exception>
    public static byte[] ReadLabels(string path)
    {
        using FileStream file = Open(path);
        return ReadLabels(file, path);
    }

    internal static IdxImages ReadImages(Stream file, string path)
    {
        (byte[] pixels, int[] sizes) = Read(file, path, ImageMagic, 3);
        return new IdxImages(pixels, sizes[0], sizes[1], sizes[2]);
    }

    internal static byte[] ReadLabels(Stream file, string path) => Read(file, path, LabelMagic, 1).Content;

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"cannot be opened ({e.Message}). Give the path of an IDX file, plain or .gz.", e);
        }
    }

    private static (byte[] Content, int[] Sizes) Read(Stream file, string path, uint magic, int dimensions)
    {
        bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        if (!compressed && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new DataFileException(path, "is named .gz but does not begin with gzip's 1f 8b (offset 0). Download it again, or drop the .gz from the name of an unpacked file.");
        }
        using Stream content = compressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            var header = new byte[4 + 4 * dimensions];
            int headerRead = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            CheckMagic(header.AsSpan(0, headerRead), path, magic);
            if (headerRead < header.Length)
            {
                throw new DataFileException(path, $"ends at offset {headerRead}, inside its {header.Length}-byte header. It is truncated: download it again.");
            }
            int[] sizes = ReadSizes(header, path, dimensions);
            int length = BodyLength(sizes, path);
            CheckLength(file.Length, header.Length, length, compressed, path);

            var body = new byte[length];
            int read = content.ReadAtLeast(body, length, throwOnEndOfStream: false);
            if (read < length)
            {
                throw new DataFileException(path, $"ends at offset {header.Length + read}; its header declares {Describe(sizes)}, which end at offset {header.Length + (long)length}. It is truncated: download it again.");
            }
            if (content.ReadByte() >= 0)
            {
                throw new DataFileException(path, $"goes on after offset {header.Length + (long)length}, where the {Describe(sizes)} that its header declares end. Its header or its content is damaged: download it again.");
            }
            return (body, sizes);
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(path, $"its gzip stream is damaged ({e.Message}). Download it again.", e);
        }
    }

    private static void CheckMagic(ReadOnlySpan<byte> header, string path, uint magic)
    {
        if (header.Length < 4)
        {
            throw new DataFileException(path, $"ends at offset {header.Length}, inside the four bytes that name an IDX file's kind. It is truncated: download it again.");
        }
        uint found = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (found == magic)
        {
            return;
        }
        string advice = found switch
        {
            ImageMagic => "This is an image file where labels are expected: are the two paths swapped?",
            LabelMagic => "This is a label file where images are expected: are the two paths swapped?",
            _ => "It is not an IDX file of bytes.",
        };
        throw new DataFileException(path, $"begins with 0x{found:x8} at offset 0 where 0x{magic:x8} is expected. {advice}");
    }

    private static int[] ReadSizes(ReadOnlySpan<byte> header, string path, int dimensions)
    {
        var sizes = new int[dimensions];
        for (int d = 0; d < dimensions; d++)
        {
            sizes[d] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * d)..]);
            if (sizes[d] < 1)
            {
                throw new DataFileException(path, $"declares a size of {sizes[d]} at offset {4 + 4 * d}; it must be at least 1. The header is damaged: download it again.");
            }
        }
        return sizes;
    }

    private static int BodyLength(int[] sizes, string path)
    {
        UInt128 length = 1;
        foreach (int size in sizes)
        {
            length *= (uint)size;
        }
        return length <= (UInt128)Array.MaxLength
            ? (int)length
            : throw new DataFileException(path, $"declares {Describe(sizes)} at offset 4, {length} bytes; at most {Array.MaxLength} fit in memory at once. Split the set.");
    }

    private static void CheckLength(long fileLength, int header, long body, bool compressed, string path)
    {
        if (compressed ? header + body > fileLength * DeflateLimit : header + body > fileLength)
        {
            throw new DataFileException(path, $"its header declares content up to offset {header + body}, more than its {fileLength} bytes{(compressed ? ", compressed," : "")} can hold. It is truncated: download it again.");
        }
    }

    private static string Describe(int[] sizes) => sizes.Length == 1
        ? $"{sizes[0]} labels"
        : $"{sizes[0]} images of {sizes[1]}x{sizes[2]}";
}
