using Lacuna.Data;

namespace Lacuna.Reports;

/// <summary>A picture of many small ones: a row a class, its name in front, images enlarged by a whole factor so that no pixel is invented.</summary>
public sealed class ContactSheet
{
    /// <summary>Rows that one sheet has at most.</summary>
    public const int MostRows = 200;

    // Images below this side are enlarged to about it.
    private const int Side = 64;
    private const int Gap = 3;
    private const int TextScale = 2;
    private const int LongestName = 24;

    private readonly PixelCanvas _canvas;

    private ContactSheet(int height, int width) => _canvas = new(height, width);

    /// <summary>Height in pixels.</summary>
    public int Height => _canvas.Height;

    /// <summary>Width in pixels.</summary>
    public int Width => _canvas.Width;

    /// <summary>[H, W, 3].</summary>
    public ReadOnlySpan<byte> Pixels => _canvas.Pixels;

    /// <summary>Draws some images of a set.</summary>
    /// <param name="set">Their set; 1 channel or 3.</param>
    /// <param name="images">Which may be shown.</param>
    /// <param name="perClass">At most so many of each class, the first ones.</param>
    /// <exception cref="ArgumentException">There is nothing to show, or too much, or the channels are no colours.</exception>
    public static ContactSheet Draw(ImageSet set, IEnumerable<int> images, int perClass)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        if (set.Channels is not (1 or 3)) throw new ArgumentException($"{set.Name} has {set.Channels} channels; pictures have 1 or 3.", nameof(set));
        var rows = images.GroupBy(i => set.Labels.Span[i]).OrderBy(row => row.Key).Select(row => (Name: Name(set, row.Key), Images: row.Take(perClass).ToArray())).ToArray();
        if (rows.Length is 0 or > MostRows) throw new ArgumentException($"A sheet has 1 to {MostRows} classes, not {rows.Length}. Choose some of the classes of {set.Name}.", nameof(images));

        var factor = Math.Max(1, Side / Math.Max(set.StoredHeight, set.StoredWidth));
        var (height, width) = (set.StoredHeight * factor, set.StoredWidth * factor);
        var rowHeight = Math.Max(height, PixelFont.Height * TextScale) + Gap;
        var left = Gap + rows.Max(row => row.Name.Length) * PixelFont.Advance * TextScale + Gap;
        var sheet = new ContactSheet(Gap + rows.Length * rowHeight, left + rows.Max(row => row.Images.Length) * (width + Gap));
        for (var r = 0; r < rows.Length; r++)
        {
            var top = Gap + r * rowHeight;
            sheet._canvas.Write(rows[r].Name, top + (rowHeight - Gap - PixelFont.Height * TextScale) / 2, Gap, TextScale, new(0, 0, 0));
            for (var i = 0; i < rows[r].Images.Length; i++) sheet.Place(set, rows[r].Images[i], factor, top, left + i * (width + Gap));
        }
        return sheet;
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    public void Save(string path) => _canvas.Save(path);

    private static string Name(ImageSet set, int label) => set.ClassNames[label] is var name && name.Length > LongestName ? name[..(LongestName - 2)] + ".." : name;

    private void Place(ImageSet set, int image, int factor, int top, int left)
    {
        var pixels = set.Image(image);
        var plane = set.StoredHeight * set.StoredWidth;
        for (var y = 0; y < set.StoredHeight * factor; y++)
        {
            for (var x = 0; x < set.StoredWidth * factor; x++)
            {
                var from = y / factor * set.StoredWidth + x / factor;
                _canvas.Set(top + y, left + x, set.Channels == 1 ? new(pixels[from], pixels[from], pixels[from]) : new(pixels[from], pixels[plane + from], pixels[2 * plane + from]));
            }
        }
    }
}
