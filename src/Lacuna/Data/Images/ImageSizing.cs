namespace Lacuna.Data.Images;

/// <summary>How the images of a folder are brought to one size: the shorter side resized, then the middle cut out, as torchvision's Resize and CenterCrop do.</summary>
public sealed record ImageSizing
{
    /// <summary>As they are; they must all have the same size.</summary>
    public static ImageSizing AsStored { get; } = new();

    /// <summary>The shorter side becomes <paramref name="size"/> pixels, and the middle square is stored.</summary>
    public static ImageSizing Square(int size) => new() { Resize = size };

    /// <summary>Length of the shorter side after resizing, in pixels; null: not resized.</summary>
    public int? Resize { get; init; }

    /// <summary>Side of the square that is cut out of the middle and stored, at most <see cref="Resize"/>; null: <see cref="Resize"/> where that is given, else nothing is cut.</summary>
    public int? Crop { get; init; }

    /// <summary>Side of the square that networks are given, at most what is stored; null: what is stored.</summary>
    public int? Given { get; init; }

    /// <summary>1 or 3; null: 3, unless every image is greyscale.</summary>
    public int? Channels { get; init; }

    /// <summary>Side of the stored square; null: as the images are.</summary>
    internal int? Stored => Crop ?? Resize;

    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    internal void Validate()
    {
        Positive(Resize, "resize to");
        Positive(Crop, "crop to");
        Positive(Given, "give networks");
        if (Channels is not (null or 1 or 3)) throw new ArgumentException($"Images have 1 or 3 channels, not {Channels}.");
        if (Crop > Resize) throw new ArgumentException($"A square of {Crop} pixels cannot be cut out of images whose shorter side is resized to {Resize}. Resize to at least {Crop}.");
        if (Given > Stored) throw new ArgumentException($"Networks cannot be given {Given} pixels of images that are stored with {Stored}. Store at least {Given}.");
    }

    private static void Positive(int? size, string what)
    {
        if (size is < 1 or > 16384) throw new ArgumentException($"The size to {what} is {size}; it must be in 1, ..., 16384.");
    }
}
