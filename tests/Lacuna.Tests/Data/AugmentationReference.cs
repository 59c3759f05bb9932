using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

/// <summary>Augmentation pixel by pixel, as it is defined: what all ways of making a batch are held to.</summary>
internal static class AugmentationReference
{
    /// <summary>One image [C, H, W] as floats in [0,1].</summary>
    public static float[] Apply(Augmentation augmentation, ImageSet set, int row, ulong seed, int epoch)
    {
        var draws = new DrawSource(seed);
        var padding = augmentation.CropPadding;
        int Draw(int n, int lane) => draws.Below(n, DrawPurpose.Augmentation, epoch, row, lane);
        var top = padding == 0 ? 0 : Draw(2 * padding + 1, 0) - padding;
        var left = padding == 0 ? 0 : Draw(2 * padding + 1, 1) - padding;
        var mirror = augmentation.Flip && Draw(2, 2) == 1;
        // As torchvision's center_crop; Python rounds halves to even too.
        top += (int)Math.Round((set.StoredHeight - set.Height) / 2.0);
        left += (int)Math.Round((set.StoredWidth - set.Width) / 2.0);
        var source = set.Image(row);
        var target = new float[set.Channels * set.Height * set.Width];
        for (var line = 0; line < set.Channels * set.Height; line++)
        {
            var y = line % set.Height + top;
            if (y < 0 || y >= set.StoredHeight) continue;
            for (var column = 0; column < set.Width; column++)
            {
                var x = (mirror ? set.Width - 1 - column : column) + left;
                if (x >= 0 && x < set.StoredWidth) target[line * set.Width + column] = source[(line / set.Height * set.StoredHeight + y) * set.StoredWidth + x] / 255f;
            }
        }
        return target;
    }
}
