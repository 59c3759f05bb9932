using Lacuna.Data;

namespace Lacuna.Tests;

/// <summary>Grey images of 8x8 pixels in three classes, each with its own bright columns: a network learns them in a second.</summary>
internal static class TinySet
{
    public const int Classes = 3;
    public const int Side = 8;

    /// <summary>The set in memory, image i of class i mod 3.</summary>
    public static ImageSet Make(int count, int seed = 1) =>
        new("tiny", Pixels(count, seed), Array.ConvertAll(Labels(count), label => (int)label), 1, Side, Side, ["left", "middle", "right"]);

    /// <summary>The four IDX files of a set in a folder of their own, with names for ten classes; returns the folder.</summary>
    public static string Write(TemporaryFolder folder, string name, int train = 60, int test = 30)
    {
        Directory.CreateDirectory(folder.File(name));
        // Ten classes of which three have images.
        folder.Write($"{name}/classes.txt", string.Join('\n', Enumerable.Range(0, 10)));
        foreach (var (prefix, count, seed) in new[] { ("train", train, 1), ("t10k", test, 2) })
        {
            folder.Write($"{name}/{prefix}-images-idx3-ubyte", [.. Data.IdxFiles.Header(0x803, count, Side, Side), .. Pixels(count, seed)]);
            folder.Write($"{name}/{prefix}-labels-idx1-ubyte", Data.IdxFiles.Labels(Labels(count)));
        }
        return folder.File(name);
    }

    private static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % Classes))];

    private static byte[] Pixels(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Side * Side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var bright = i % Side / 2 == i / (Side * Side) % Classes;
            pixels[i] = (byte)((bright ? 150 : 0) + random.Next(60));
        }
        return pixels;
    }
}
