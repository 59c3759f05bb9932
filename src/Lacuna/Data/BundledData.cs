using System.Reflection;

namespace Lacuna.Data;

/// <summary>The image set inside the engine, so that a first run downloads nothing.</summary>
public static class BundledData
{
    /// <summary>How <c>--data</c> calls it.</summary>
    public const string Name = "fashion-mnist-6k";

    /// <summary>Fashion-MNIST cut down to its first 600 training and 200 test images per class: 6,000 or 2,000 images [N, 1, 28, 28].</summary>
    /// <remarks>MIT licence, Zalando SE; see Data/Bundled/README.md.</remarks>
    public static ImageSet FashionMnist(DataSplit split)
    {
        string prefix = IdxDataset.Prefix(split);
        string images = $"{prefix}-images-idx3-ubyte.gz";
        string labels = $"{prefix}-labels-idx1-ubyte.gz";
        using Stream imageStream = Open(images);
        using Stream labelStream = Open(labels);
        return IdxDataset.Join(
            IdxFile.ReadImages(imageStream, images), images, IdxFile.ReadLabels(labelStream, labels), labels,
            ClassNames.FashionMnist, split == DataSplit.Train ? Name : "fashion-mnist-2k-test", ImageDetails.None);
    }

    private static Stream Open(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream($"Lacuna.Data.Bundled.{name}")
        ?? throw new DataFileException(name, "is not inside this build of the engine. Build it from a complete checkout.");
}
