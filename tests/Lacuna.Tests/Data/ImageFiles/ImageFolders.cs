using Lacuna.Data.Images;
using Lacuna.Data.Images.Packing;

namespace Lacuna.Tests.Data.ImageFiles;

/// <summary>Folders of small images whose pixels tests know.</summary>
internal static class ImageFolders
{
    /// <summary>Writes images of random pixels: train and test with the classes cat and dog.</summary>
    /// <returns>The pixels of each, [H, W, C], by relative path.</returns>
    public static Dictionary<string, byte[]> Write(string root, int train = 6, int test = 2, int height = 4, int width = 5, int channels = 3)
    {
        var random = new Random(5);
        var written = new Dictionary<string, byte[]>();
        foreach (var (split, count) in new[] { ("train", train), ("test", test) })
        {
            foreach (var name in new[] { "cat", "dog" })
            {
                for (var i = 0; i < count; i++) written.Add($"{split}/{name}/{i:00}.png", Add(root, $"{split}/{name}/{i:00}.png", random, height, width, channels));
            }
        }
        return written;
    }

    /// <summary>Opens a folder as a verb does.</summary>
    public static PackedSet Open(string root, ImageFolderOptions options) => ImageFolderDataset.Open(root, options, null, TestContext.Current.CancellationToken);

    /// <summary>Writes one image of random pixels.</summary>
    public static byte[] Add(string root, string file, Random random, int height = 4, int width = 5, int channels = 3)
    {
        var pixels = new byte[height * width * channels];
        random.NextBytes(pixels);
        Put(root, file, PngFile.Encode(pixels, height, width, channels));
        return pixels;
    }

    /// <summary>Writes a file of any content.</summary>
    public static void Put(string root, string file, byte[] content)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    /// <summary>From [H, W, C] to [C, H, W].</summary>
    public static byte[] Planes(byte[] pixels, int channels) =>
        [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[i % (pixels.Length / channels) * channels + i / (pixels.Length / channels)])];
}
