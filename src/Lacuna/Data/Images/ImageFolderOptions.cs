using Lacuna.Data.Images.Packing;

namespace Lacuna.Data.Images;

/// <summary>How a folder of images is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The images' size and channels.</summary>
    public ImageSizing Sizing { get; init; } = ImageSizing.AsStored;

    /// <summary>For ROOT/CLASS/*: a text file that says of each image whether it is for training or testing; see <see cref="SplitFile"/>.</summary>
    public string? SplitFile { get; init; }

    /// <summary>For a folder without test images: a share of each class.</summary>
    public HeldOutShare? HeldOut { get; init; }

    /// <summary>Leaves damaged images out instead of stopping at them.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Packs again, even when the cache has the set.</summary>
    public bool Repack { get; init; }

    /// <summary>Where packs are kept; created when first written to.</summary>
    public string CacheFolder { get; init; } = PackCache.DefaultFolder;

    /// <summary>The largest image that is decoded.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;
}
