using Lacuna.Kernels;
using System.Globalization;

namespace Kernels.Tests;

/// <summary>Rectangles of images to be scaled, the definition's value, and what PyTorch and Pillow make of them.</summary>
internal static class ResizeCase
{
    /// <summary>Channels, stored height and width, height, width, channels last.</summary>
    internal static TheoryData<int, int, int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, int, int, bool>();
            foreach (bool last in new[] { false, true })
                foreach (var (c, storedH, storedW, h, w) in new[] { (1, 1, 1, 1, 1), (3, 9, 5, 0, 4), (3, 40, 71, 16, 24), (2, 7, 9, 11, 13), (1, 100, 80, 3, 2), (4, 33, 32, 33, 32), (1, 2, 300, 5, 7) })
                    shapes.Add(c, storedH, storedW, h, w, last);
            return shapes;
        }
    }

    internal static ImageShape Shape(int images, int channels, int storedHeight, int storedWidth, int height, int width, bool last) =>
        new(images, channels, height, width, last) { StoredHeight = storedHeight, StoredWidth = storedWidth };

    /// <summary>Rectangles at the image's corners and somewhere in it, down to one pixel, half of them mirrored.</summary>
    internal static int[] Crops(int count, ImageShape shape)
    {
        var crops = new int[count * ResizedCrop.CropSize];
        for (int n = 0; n < count; n++)
        {
            var (a, b, c, d) = Philox.Block((uint)n, 1, 0, 0, 5, 6);
            int height = n == 0 ? shape.StoredHeight : 1 + (int)(a % (uint)shape.StoredHeight), width = n == 0 ? shape.StoredWidth : 1 + (int)(b % (uint)shape.StoredWidth);
            int top = n == 1 ? shape.StoredHeight - height : (int)(c % (uint)(shape.StoredHeight - height + 1)), left = n == 1 ? shape.StoredWidth - width : (int)(d % (uint)(shape.StoredWidth - width + 1));
            new[] { top, left, height, width, n % 2 }.CopyTo(crops, n * ResizedCrop.CropSize);
        }
        return crops;
    }

    /// <summary>The triangle filter in float64, as papers have it: a support of max(1, scale) around the pixel's centre, cut off at the edge, over its sum.</summary>
    internal static double[] Expected(byte[] set, long[] rows, int[] crops, ImageShape shape, bool gathered = false)
    {
        var batch = new double[rows.Length * shape.Elements];
        for (int b = 0; b < rows.Length; b++)
        {
            var (top, left, height, width, mirror) = (crops[5 * b], crops[5 * b + 1], crops[5 * b + 2], crops[5 * b + 3], crops[5 * b + 4]);
            for (int c = 0; c < shape.Channels; c++)
                for (int i = 0; i < shape.Height; i++)
                    for (int j = 0; j < shape.Width; j++)
                    {
                        double sum = 0, total = 0;
                        for (int s = 0; s < height; s++)
                            for (int t = 0; t < width; t++)
                            {
                                double weight = Triangle(s, i, height, shape.Height) * Triangle(t, mirror != 0 ? shape.Width - 1 - j : j, width, shape.Width);
                                total += weight;
                                sum += weight * set[(gathered ? b : rows[b]) * shape.StoredElements + (c * shape.StoredHeight + top + s) * shape.StoredWidth + left + t];
                            }
                        int place = shape.ChannelsLast ? (i * shape.Width + j) * shape.Channels + c : (c * shape.Height + i) * shape.Width + j;
                        batch[b * shape.Elements + place] = sum / total / 255;
                    }
        }
        return batch;
    }

    private static double Triangle(int source, int target, int from, int to)
    {
        double scale = (double)from / to;
        return Math.Max(0, 1 - Math.Abs(source + 0.5 - scale * (target + 0.5)) / Math.Max(1, scale));
    }

    /// <summary>Made by make_resized_crop_golden.py: library, rectangle, height and width of the result, its numbers.</summary>
    internal static IEnumerable<(string Library, int[] Crop, int Height, int Width, double[] Numbers)> Golden()
    {
        using var reader = new StreamReader(typeof(ResizeCase).Assembly.GetManifestResourceStream("ResizedCrop.golden.csv")!);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(',');
            int[] sizes = [.. parts[1..7].Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
            yield return (parts[0], [.. sizes[..4], 0], sizes[4], sizes[5], [.. parts[7..].Select(part => double.Parse(part, CultureInfo.InvariantCulture))]);
        }
    }
}
