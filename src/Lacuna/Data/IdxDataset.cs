namespace Lacuna.Data;

/// <summary>Loads image sets in the IDX form of MNIST, Fashion-MNIST, KMNIST and EMNIST.</summary>
public static class IdxDataset
{
    private const string Images = "images-idx3-ubyte";
    private const string Labels = "labels-idx1-ubyte";

    /// <summary>What is looked for, for messages.</summary>
    public const string Sought = $"IDX files (train-{Images}[.gz], train-{Labels}[.gz] and t10k-... or test-...)";

    // EMNIST calls its files emnist-balanced-train-... and emnist-balanced-test-...; everyone else t10k.
    private static readonly string[] TestPrefixes = ["t10k", "test"];

    /// <summary>Loads the four files of a folder, under the names they are published with, with or without .gz; null when there are none.</summary>
    /// <exception cref="DataFileException">A file is missing or damaged, the files do not belong together, or a label names no class.</exception>
    public static ImagePair? TryLoadFolder(string folder)
    {
        var trainImages = Find(folder, Images, "train");
        if (trainImages is null && Find(folder, Labels, "train") is null && Find(folder, Images, TestPrefixes) is null) return null;
        var trainLabels = Require(folder, Labels, "train");
        var testImages = Require(folder, Images, TestPrefixes);
        var testLabels = Require(folder, Labels, TestPrefixes);
        trainImages ??= Require(folder, Images, "train");

        var (train, test) = (IdxFile.ReadLabels(trainLabels), IdxFile.ReadLabels(testLabels));
        var names = ClassNames.For(folder, trainLabels, train, test);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var details = new ImageDetails { Folder = folder };
        var pair = new ImagePair(
            Join(IdxFile.ReadImages(trainImages), trainImages, train, trainLabels, names, name, details),
            Join(IdxFile.ReadImages(testImages), testImages, test, testLabels, names, name + "-test", details));
        return (pair.Train.Height, pair.Train.Width) == (pair.Test.Height, pair.Test.Width)
            ? pair
            : throw new DataFileException(folder, $"has training images of {pair.Train.Height}x{pair.Train.Width} but test images of {pair.Test.Height}x{pair.Test.Width}. Put the four files of one set there.");
    }

    /// <summary>Loads an image file and its label file.</summary>
    /// <param name="imagesPath">IDX with magic 0x803, plain or .gz.</param>
    /// <param name="labelsPath">IDX with magic 0x801, plain or .gz.</param>
    /// <param name="classNames">The classes.</param>
    /// <returns>Images [N, 1, H, W].</returns>
    /// <exception cref="DataFileException">A file is damaged, the two do not belong together, or a label names no class.</exception>
    public static ImageSet Load(string imagesPath, string labelsPath, IReadOnlyList<string> classNames) =>
        Join(IdxFile.ReadImages(imagesPath), imagesPath, IdxFile.ReadLabels(labelsPath), labelsPath, classNames, Path.GetFileName(imagesPath), ImageDetails.None);

    internal static string Prefix(DataSplit split) => split == DataSplit.Train ? "train" : "t10k";

    internal static ImageSet Join(
        IdxImages images, string imagesPath, byte[] labels, string labelsPath, IReadOnlyList<string> classNames, string name, ImageDetails details)
    {
        if (labels.Length != images.Count)
        {
            throw new DataFileException(labelsPath, $"declares {labels.Length} labels at offset 4, but {imagesPath} has {images.Count} images. Give the two files of the same split.");
        }
        int wrong = Array.FindIndex(labels, label => label >= classNames.Count);
        if (wrong >= 0)
        {
            throw new DataFileException(labelsPath, $"has label {labels[wrong]} at offset {8 + wrong} (image {wrong}), but there are {classNames.Count} classes. Give the class names of this set in {ClassNames.FileName}, or repair the label.");
        }
        return new ImageSet(name, new ArrayPixels(images.Pixels), Array.ConvertAll(labels, label => (int)label), 1, images.Height, images.Width, classNames, details);
    }

    private static string Require(string folder, string kind, params string[] prefixes) => Find(folder, kind, prefixes)
        ?? throw new DataFileException(folder, $"holds neither {prefixes[0]}-{kind} nor {prefixes[0]}-{kind}.gz. Put the set's four IDX files there under their published names.");

    /// <summary>The file of the plain name, or the only one with something before it.</summary>
    private static string? Find(string folder, string kind, params string[] prefixes)
    {
        string[] ends = [.. prefixes.SelectMany(prefix => (string[])[$"{prefix}-{kind}", $"{prefix}-{kind}.gz"])];
        if (Array.Find(ends, name => File.Exists(Path.Combine(folder, name))) is { } plain) return Path.Combine(folder, plain);
        string[] longer = [.. Directory.EnumerateFiles(folder, $"*-{kind}*").Where(file => ends.Any(end => file.EndsWith("-" + end, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        return longer.Length <= 1
            ? longer.FirstOrDefault()
            : throw new DataFileException(folder, $"holds several sets: {string.Join(", ", longer.Select(Path.GetFileName))}. Put the four files of one set into a folder of their own.");
    }
}
