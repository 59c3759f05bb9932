using System.Buffers.Binary;
using System.IO.Compression;

namespace Lacuna.Tests.Data;

/// <summary>Builds IDX files.</summary>
internal static class IdxFiles
{
    public static byte[] Images(int count, int height, int width, int? pixels = null, uint magic = 0x803) =>
        [.. Header(magic, count, height, width), .. Enumerable.Range(0, pixels ?? count * height * width).Select(i => (byte)i)];

    public static byte[] Labels(params byte[] labels) => [.. Header(0x801, labels.Length), .. labels];

    public static byte[] Gzip(byte[] content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }
        return file.ToArray();
    }

    public static byte[] Header(uint magic, params int[] sizes)
    {
        var bytes = new byte[4 + 4 * sizes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (int d = 0; d < sizes.Length; d++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * d), sizes[d]);
        }
        return bytes;
    }
}
