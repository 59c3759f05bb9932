using System.Numerics.Tensors;
using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// Random crop from a zero-padded image and horizontal flip, while bytes become floats in [0,1]. The default does neither.
/// </summary>
/// <param name="CropPadding">Zero pixels added on every side before a crop of the original size; 0 for no crop.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
public readonly record struct Augmentation(int CropPadding, bool Flip)
{
    /// <summary>Images as they are.</summary>
    public static Augmentation None => default;

    /// <summary>Crop with four pixels of padding and flip: what CIFAR networks are trained with.</summary>
    public static Augmentation Cifar => new(4, true);

    /// <summary>Writes one image [C, H, W] as it is, as floats in [0,1].</summary>
    public static void Copy(ImageSet set, int row, Span<float> target)
    {
        TensorPrimitives.ConvertTruncating<byte, float>(set.Image(row), target);
        TensorPrimitives.Divide(target, 255f, target);
    }

    /// <summary>Writes one image [C, H, W]; its draws depend on (seed, epoch, row) alone.</summary>
    public void Apply(ImageSet set, int row, DrawSource draws, int epoch, Span<float> target)
    {
        if (this == None)
        {
            Copy(set, row, target);
            return;
        }
        var source = set.Image(row);
        var span = 2 * CropPadding + 1;
        var top = CropPadding == 0 ? 0 : draws.Below(span, DrawPurpose.Augmentation, epoch, row, 0) - CropPadding;
        var left = CropPadding == 0 ? 0 : draws.Below(span, DrawPurpose.Augmentation, epoch, row, 1) - CropPadding;
        var mirror = Flip && draws.Below(2, DrawPurpose.Augmentation, epoch, row, 2) == 1;
        target.Clear();
        for (var line = 0; line < set.Channels * set.Height; line++)
        {
            var y = line % set.Height + top;
            if (y < 0 || y >= set.Height) continue;
            var from = source.Slice((line - line % set.Height + y) * set.Width, set.Width);
            var to = target.Slice(line * set.Width, set.Width);
            for (var column = 0; column < set.Width; column++)
            {
                var x = (mirror ? set.Width - 1 - column : column) + left;
                if ((uint)x < (uint)set.Width) to[column] = from[x] / 255f;
            }
        }
    }
}
