using Lacuna.Data.Images;

namespace Lacuna.Data;

/// <summary>What data a run was given, so that the same can be given again.</summary>
/// <param name="Location">As it was named; a folder or archive by its full path.</param>
/// <param name="Kind">bundled, cifar, idx or images.</param>
/// <param name="Train">The training images.</param>
/// <param name="Test">The test images.</param>
/// <param name="Labels">Which of CIFAR-100's labels, where they were chosen.</param>
/// <param name="Resize">Shorter side after resizing, where a folder's images were resized.</param>
/// <param name="Given">Side of the middle that networks are given, where it was chosen.</param>
/// <param name="SplitFile">The file that divides a folder's images, if one does.</param>
/// <param name="HeldOut">Share of each class that became the test set, if one did.</param>
/// <param name="Skipped">Damaged images left out.</param>
public sealed record DataSource(string Location, string Kind, DataPart Train, DataPart Test, CifarLabels? Labels, int? Resize, int? Given, string? SplitFile, double? HeldOut, int Skipped)
{
    /// <summary>Asks for the same data again.</summary>
    public DataRequest Request() => new(Location)
    {
        Labels = Labels,
        Folder = new ImageFolderOptions
        {
            Sizing = new ImageSizing { Resize = Resize, Given = Given }, SplitFile = SplitFile, HeldOut = HeldOut is { } share ? new HeldOutShare(share, 1) : null, SkipBad = Skipped > 0,
        },
    };
}

/// <summary>One half of a data set.</summary>
/// <param name="Name">The set's name.</param>
/// <param name="Images">How many.</param>
/// <param name="Shape">Channels, height and width as stored.</param>
/// <param name="Classes">How many classes.</param>
/// <param name="Sha256">The <see cref="ImageSet.ContentHash"/>.</param>
public sealed record DataPart(string Name, int Images, IReadOnlyList<int> Shape, int Classes, string Sha256)
{
    /// <summary>Describes a set.</summary>
    public static DataPart Of(ImageSet set) => new(set.Name, set.Count, [set.Channels, set.StoredHeight, set.StoredWidth], set.ClassCount, set.ContentHash);
}
