using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// What is done to training images: a crop that moves from the middle at random, or one of random size and shape that is scaled to the size networks are given; and horizontal flip.
/// The default does nothing.
/// </summary>
/// <param name="CropPadding">By how many pixels a crop moves from the middle at most, in every direction; beyond the stored image are zeros. 0 for no crop.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
/// <param name="ResizedCrop">The smallest area of a crop of random size as a share of the image's (<see cref="CropRectangle"/>); 0 for no such crop.</param>
public readonly record struct Augmentation(int CropPadding, bool Flip, double ResizedCrop = 0)
{
    /// <summary>Images as they are.</summary>
    public static Augmentation None => default;

    /// <summary>Crop with four pixels of padding and flip: what CIFAR networks are trained with.</summary>
    public static Augmentation Cifar => new(4, true);

    /// <summary>Crops from 8 % of the area on, and flip: what ImageNet networks are trained with.</summary>
    public static Augmentation Inception => new(0, true, 0.08);

    /// <summary>
    /// How far down and right of the middle the crop lies, and whether it is mirrored. The draws depend on (seed, epoch, row) alone;
    /// <see cref="Lacuna.Kernels.CropAndFlip"/> makes the same ones.
    /// </summary>
    public (int Top, int Left, bool Mirror) Draw(DrawSource draws, int epoch, int row)
    {
        var places = 2 * CropPadding + 1;
        var top = CropPadding == 0 ? 0 : draws.Below(places, DrawPurpose.Augmentation, epoch, row, 0) - CropPadding;
        var left = CropPadding == 0 ? 0 : draws.Below(places, DrawPurpose.Augmentation, epoch, row, 1) - CropPadding;
        return (top, left, Flip && draws.Below(2, DrawPurpose.Augmentation, epoch, row, 2) == 1);
    }

    /// <summary>The rectangles of <see cref="ResizedCrop"/> as <see cref="Lacuna.Kernels.ResizedCrop"/> takes them: top, left, height, width and 1 if mirrored, for each row.</summary>
    public int[] DrawRectangles(DrawSource draws, int epoch, ReadOnlySpan<int> rows, int storedHeight, int storedWidth)
    {
        var table = new int[rows.Length * Kernels.ResizedCrop.CropSize];
        for (var i = 0; i < rows.Length; i++)
        {
            var rectangle = CropRectangle.Draw(ResizedCrop, storedHeight, storedWidth, draws, epoch, rows[i]);
            var mirror = Flip && draws.Below(2, DrawPurpose.Augmentation, epoch, rows[i], 2) == 1;
            new[] { rectangle.Top, rectangle.Left, rectangle.Height, rectangle.Width, mirror ? 1 : 0 }.CopyTo(table, i * Kernels.ResizedCrop.CropSize);
        }
        return table;
    }

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public void Validate()
    {
        if (CropPadding is < 0 or > Kernels.CropAndFlip.MaxPadding) throw new ArgumentException($"CropPadding is {CropPadding}; it must be a whole number of at least 0.");
        if (ResizedCrop is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"ResizedCrop is {ResizedCrop}; it must be the smallest share of an image's area, above 0 up to 1."));
        if (ResizedCrop > 0 && CropPadding > 0) throw new ArgumentException("A random crop and a random resized crop exclude each other. Take one of them.");
    }
}
