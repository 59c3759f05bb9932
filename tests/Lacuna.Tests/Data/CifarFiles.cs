using System.Formats.Tar;
using System.IO.Compression;

namespace Lacuna.Tests.Data;

/// <summary>Builds CIFAR's binary files, and archives.</summary>
internal static class CifarFiles
{
    /// <summary>A record: labels, then 3,072 pixels as Fixtures/make_cifar.py has them: (7 image + 50 channel + row) mod 256.</summary>
    public static byte[] Record(int image, params byte[] labels) => [.. labels, .. Pixels(image)];

    public static byte[] Pixels(int image) => [.. Enumerable.Range(0, 3072).Select(i => (byte)(7 * image + 50 * (i / 1024) + i % 1024 / 32))];

    /// <summary>CIFAR-10 in binary form: two images a batch, of the classes 2b and 2b + 1; two test images.</summary>
    public static Dictionary<string, byte[]> Ten()
    {
        var files = Enumerable.Range(0, 5).ToDictionary(b => $"data_batch_{b + 1}.bin", b => (byte[])[.. Record(2 * b, (byte)(2 * b)), .. Record(2 * b + 1, (byte)(2 * b + 1))]);
        files["test_batch.bin"] = [.. Record(100, 3), .. Record(101, 8)];
        return files;
    }

    /// <summary>CIFAR-100 in binary form: a rose, a tulip (flowers) and a bus (vehicles 1); a rose and a bus to test.</summary>
    public static Dictionary<string, byte[]> Hundred() => new()
    {
        ["train.bin"] = [.. Record(0, 2, 70), .. Record(1, 2, 92), .. Record(2, 18, 13)],
        ["test.bin"] = [.. Record(50, 2, 70), .. Record(51, 18, 13)],
    };

    /// <summary>A tar archive, gzip-compressed, of files under these names.</summary>
    public static byte[] Archive(IEnumerable<KeyValuePair<string, byte[]>> files, string folder = "")
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, folder + name) { DataStream = new MemoryStream(content) });
        }
        return bytes.ToArray();
    }

    public static string Write(TemporaryFolder folder, string name, Dictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder.File(name));
        foreach (var (file, content) in files) folder.Write($"{name}/{file}", content);
        return folder.File(name);
    }
}
