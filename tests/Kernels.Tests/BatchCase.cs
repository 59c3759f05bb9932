using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Sets of images and the batches that the formula makes of them.</summary>
internal static class BatchCase
{
    internal const ulong Seed = 0x9876_5432_1234_5678;
    internal const int Epoch = 3;

    /// <summary>Channels, height, width, padding, flip, channels last.</summary>
    internal static TheoryData<int, int, int, int, bool, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, int, bool, bool>();
            foreach (bool last in new[] { false, true })
            {
                foreach (var (c, h, w) in new[] { (1, 1, 1), (3, 0, 5), (1, 28, 28), (3, 32, 32), (2, 5, 7), (4, 9, 33) })
                    foreach (var (padding, flip) in new[] { (0, false), (0, true), (4, false), (4, true) })
                        shapes.Add(c, h, w, padding, flip, last);
                shapes.Add(3, 6, 4, 30, true, last); // most crops miss the image
                shapes.Add(1, 2, 4999, 6, true, last);
                shapes.Add(3, 17, 100, 1, true, last);
            }
            return shapes;
        }
    }

    /// <summary>Channels, height, width, stored height and width, padding, channels last; always mirrored at random.</summary>
    internal static TheoryData<int, int, int, int, int, int, bool> StoredShapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, int, int, int, bool>();
            foreach (bool last in new[] { false, true })
                foreach (var (c, h, w, storedH, storedW) in new[] { (1, 1, 1, 2, 4), (3, 24, 20, 32, 33), (2, 5, 7, 5, 12), (2, 8, 7, 11, 7), (1, 2, 4999, 3, 5004), (3, 17, 100, 30, 101) })
                    foreach (int padding in new[] { 0, 2, 9 })
                        shapes.Add(c, h, w, storedH, storedW, padding, last);
            return shapes;
        }
    }

    internal static byte[] Set(ImageShape shape)
    {
        var bytes = new byte[shape.Images * shape.StoredElements];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(Philox.Block((uint)i, 0, 0, 0, 1, 2).X >> 11);
        return bytes;
    }

    /// <summary>Number by number, the draws by the engine's definition: the upper word of a product of 128 bits.</summary>
    internal static float[] Expected(byte[] set, long[] rows, ImageShape shape, CropAndFlip augmentation, bool gathered = false)
    {
        // As torchvision's center_crop; Python rounds halves to even too.
        int middleTop = (int)Math.Round((shape.StoredHeight - shape.Height) / 2.0), middleLeft = (int)Math.Round((shape.StoredWidth - shape.Width) / 2.0);
        var batch = new float[rows.Length * shape.Elements];
        for (int b = 0; b < rows.Length; b++)
        {
            int top = Below(2 * augmentation.Padding + 1, rows[b], 0, augmentation) - augmentation.Padding;
            int left = Below(2 * augmentation.Padding + 1, rows[b], 1, augmentation) - augmentation.Padding;
            bool mirror = augmentation.Flip && Below(2, rows[b], 2, augmentation) == 1;
            for (int c = 0; c < shape.Channels; c++)
                for (int h = 0; h < shape.Height; h++)
                    for (int w = 0; w < shape.Width; w++)
                    {
                        int y = h + top + middleTop, x = (mirror ? shape.Width - 1 - w : w) + left + middleLeft;
                        int place = shape.ChannelsLast ? (h * shape.Width + w) * shape.Channels + c : (c * shape.Height + h) * shape.Width + w;
                        if (y >= 0 && y < shape.StoredHeight && x >= 0 && x < shape.StoredWidth)
                            batch[b * shape.Elements + place] = set[(gathered ? b : rows[b]) * shape.StoredElements + (c * shape.StoredHeight + y) * shape.StoredWidth + x] / 255f;
                    }
        }
        return batch;
    }

    private static int Below(int n, long row, int lane, CropAndFlip augmentation)
    {
        var (x, y, z, w) = Philox.Block((uint)lane / 2, (uint)row, (uint)augmentation.Epoch, 4, (uint)augmentation.Seed, (uint)(augmentation.Seed >> 32));
        UInt128 bits = lane % 2 == 0 ? x | (ulong)y << 32 : z | (ulong)w << 32;
        return (int)(bits * (uint)n >> 64);
    }
}
