namespace Lacuna.Data;

/// <summary>Loads image sets in the IDX form of MNIST, Fashion-MNIST, KMNIST and EMNIST.</summary>
public static class IdxDataset
{
    /// <summary>Loads an image file and its label file.</summary>
    /// <param name="imagesPath">IDX with magic 0x803, plain or .gz.</param>
    /// <param name="labelsPath">IDX with magic 0x801, plain or .gz.</param>
    /// <param name="classNames">The classes; the ten digits when null.</param>
    /// <param name="name">The set's name; the image file's when null.</param>
    /// <returns>Images [N, 1, H, W].</returns>
    /// <exception cref="DataFileException">A file is damaged, the two do not belong together, or a label names no class.</exception>
    public static ImageSet Load(string imagesPath, string labelsPath, IReadOnlyList<string>? classNames = null, string? name = null) =>
        Join(IdxFile.ReadImages(imagesPath), imagesPath, IdxFile.ReadLabels(labelsPath), labelsPath,
            classNames ?? ClassNames.Digits, name ?? Path.GetFileName(imagesPath));

    /// <summary>Loads the files of one split from a folder, under the names they are published with, with or without .gz.</summary>
    /// <param name="classNames">The classes; the ten digits when null.</param>
    /// <exception cref="DataFileException">As for <see cref="Load"/>, or a file is not there.</exception>
    public static ImageSet LoadFolder(string folder, DataSplit split, IReadOnlyList<string>? classNames = null)
    {
        string prefix = Prefix(split);
        return Load(
            Find(folder, $"{prefix}-images-idx3-ubyte"), Find(folder, $"{prefix}-labels-idx1-ubyte"), classNames,
            $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}-{prefix}");
    }

    internal static string Prefix(DataSplit split) => split == DataSplit.Train ? "train" : "t10k";

    internal static ImageSet Join(
        IdxImages images, string imagesPath, byte[] labels, string labelsPath, IReadOnlyList<string> classNames, string name)
    {
        if (labels.Length != images.Count)
        {
            throw new DataFileException(labelsPath, $"declares {labels.Length} labels at offset 4, but {imagesPath} has {images.Count} images. Give the two files of the same split.");
        }
        int wrong = Array.FindIndex(labels, label => label >= classNames.Count);
        if (wrong >= 0)
        {
            throw new DataFileException(labelsPath, $"has label {labels[wrong]} at offset {8 + wrong} (image {wrong}), but there are {classNames.Count} classes. Give the class names of this set, or repair the label.");
        }
        return new ImageSet(name, images.Pixels, Array.ConvertAll(labels, label => (int)label), 1, images.Height, images.Width, classNames);
    }

    private static string Find(string folder, string file)
    {
        string plain = Path.Combine(folder, file);
        string compressed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(compressed) ? compressed
            : throw new DataFileException(folder, $"holds neither {file} nor {file}.gz. Put the set's four IDX files there under their published names.");
    }
}
