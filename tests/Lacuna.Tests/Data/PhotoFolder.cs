using Lacuna.Data.Images;

namespace Lacuna.Tests.Data;

/// <summary>A small folder of PNG files: two classes of two training and one test image each, 6x6 grey, and a CSV file of persons.</summary>
internal static class PhotoFolder
{
    public static string Write(TemporaryFolder folder, string name)
    {
        foreach (var (part, count) in new[] { ("train", 2), ("test", 1) })
        {
            foreach (var (label, shade) in new[] { ("cat", 40), ("dog", 200) })
            {
                Directory.CreateDirectory(folder.File($"{name}/{part}/{label}"));
                for (var i = 0; i < count; i++)
                    PngFile.Write(folder.File($"{name}/{part}/{label}/{part}{i}.png"), [.. Enumerable.Range(0, 36).Select(p => (byte)(shade + p % 6 + 10 * i))], 6, 6, 1);
            }
        }
        folder.Write($"{name}/people.csv", "file,person\ncat/train0.png,17\ndog/train0.png,17\ncat/train1.png,23\ndog/test0.png,17\n");
        return folder.File(name);
    }
}
