using System.Security.Cryptography;

namespace Lacuna.Data;

/// <summary>The class names of the IDX sets, whose own files carry none.</summary>
public static class ClassNames
{
    /// <summary>A text file beside the IDX files, one class name a line.</summary>
    public const string FileName = "classes.txt";

    // SHA-256 of the published train-labels-idx1-ubyte.gz (see PublicSets).
    private const string FashionMnistLabels = "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845";

    /// <summary>Fashion-MNIST, as its authors name them.</summary>
    public static IReadOnlyList<string> FashionMnist { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Numbers for names: MNIST's digits, and what stands for names where none are known.</summary>
    public static IReadOnlyList<string> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The names of a set: those of its <see cref="FileName"/>; Fashion-MNIST's when its label file is the published one; else numbers up to the largest label.</summary>
    /// <exception cref="DataFileException">The file of names cannot be used.</exception>
    public static IReadOnlyList<string> For(string folder, string trainLabelsPath, byte[] trainLabels, byte[] testLabels)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path)) return Read(path);
        using var file = File.OpenRead(trainLabelsPath);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == FashionMnistLabels ? FashionMnist : Numbers(Math.Max(trainLabels.Max(), testLabels.Max()) + 1);
    }

    private static string[] Read(string path)
    {
        string[] names = [.. new FolderFiles(Path.GetDirectoryName(path)!).Lines(FileName)!];
        var again = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (names.Length == 0) throw new DataFileException(path, "names no class. Write one class name a line, in the order of the labels.");
        return again is null ? names : throw new DataFileException(path, $"names the class '{again.Key}' {again.Count()} times. Give every class a name of its own.");
    }
}
