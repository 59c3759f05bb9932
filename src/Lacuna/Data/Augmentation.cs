using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// Random crop from a zero-padded image and horizontal flip. The default does neither.
/// </summary>
/// <param name="CropPadding">Zero pixels added on every side before a crop of the original size; 0 for no crop.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
public readonly record struct Augmentation(int CropPadding, bool Flip)
{
    /// <summary>Images as they are.</summary>
    public static Augmentation None => default;

    /// <summary>Crop with four pixels of padding and flip: what CIFAR networks are trained with.</summary>
    public static Augmentation Cifar => new(4, true);

    /// <summary>
    /// Where in the unpadded image the crop's first line and column lie, and whether it is mirrored. The draws depend on (seed, epoch, row) alone;
    /// <see cref="Lacuna.Kernels.CropAndFlip"/> makes the same ones.
    /// </summary>
    public (int Top, int Left, bool Mirror) Draw(DrawSource draws, int epoch, int row)
    {
        var places = 2 * CropPadding + 1;
        var top = CropPadding == 0 ? 0 : draws.Below(places, DrawPurpose.Augmentation, epoch, row, 0) - CropPadding;
        var left = CropPadding == 0 ? 0 : draws.Below(places, DrawPurpose.Augmentation, epoch, row, 1) - CropPadding;
        return (top, left, Flip && draws.Below(2, DrawPurpose.Augmentation, epoch, row, 2) == 1);
    }
}
