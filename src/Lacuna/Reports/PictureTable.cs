namespace Lacuna.Reports;

/// <summary>A table of pictures of one size with heads, row labels and lines of text, and room for a scale below.</summary>
internal static class PictureTable
{
    private const int Scale = 2;
    private const int Margin = 12;
    private const int Gap = 14;
    private const int LineHeight = (PixelFont.Height + 3) * Scale;
    private const int LongestLabel = 14;
    private const int BarHeight = 16;
    private const int BarWidth = 320;

    // "still known" must fit below a picture.
    private const int LeastLetters = 11;

    /// <summary>Draws the table.</summary>
    /// <param name="heads">One a column; long ones are broken after hyphens and blanks.</param>
    /// <param name="rows">From the top.</param>
    /// <param name="scaleName">What <see cref="HeatColours"/> mean here, drawn as a bar from "0" to "1" below the table; null for none.</param>
    public static PixelCanvas Draw(IReadOnlyList<string> heads, IReadOnlyList<PictureRow> rows, string? scaleName = null)
    {
        var (height, width) = (rows[0].Cells[0].Picture.Height, rows[0].Cells[0].Picture.Width);
        var column = Math.Max(width, PixelCanvas.WidthOf(new('m', LeastLetters), Scale));
        var letters = (column + Gap / 2) / (PixelFont.Advance * Scale);
        var broken = heads.Select(head => Broken(head, letters)).ToArray();
        var headLines = broken.Max(lines => lines.Count);
        var left = Margin + rows.Max(row => row.Labels.Max(label => PixelCanvas.WidthOf(Cut(label, LongestLabel), Scale))) + Gap;
        var lines = rows.Max(row => row.Cells.Max(cell => cell.Lines.Count));
        var pitch = height + 6 + lines * LineHeight + Gap;
        var top = Margin + headLines * LineHeight + 6;
        var tableEnd = top + rows.Count * pitch;
        var wide = left + heads.Count * (column + Gap) - Gap + Margin;
        if (scaleName is not null) wide = Math.Max(wide, left + BarWidth + 2 * Gap + PixelCanvas.WidthOf("0" + scaleName, Scale) + Margin);
        var canvas = new PixelCanvas(tableEnd + (scaleName is null ? 0 : BarHeight + Margin), wide);

        for (var c = 0; c < heads.Count; c++)
        {
            for (var l = 0; l < broken[c].Count; l++)
                Centred(broken[c][l], Margin + (headLines - broken[c].Count + l) * LineHeight, left + c * (column + Gap), column, Rgb.Ink, canvas);
        }
        for (var r = 0; r < rows.Count; r++)
        {
            var y = top + r * pitch;
            if (rows[r].BeginsGroup) canvas.Fill(y - Gap / 2 - 1, Margin, 2, wide - 2 * Margin, Rgb.Grey);
            for (var l = 0; l < rows[r].Labels.Count; l++)
                canvas.Write(Cut(rows[r].Labels[l], LongestLabel), y + Math.Max(0, (height - rows[r].Labels.Count * LineHeight) / 2) + l * LineHeight, Margin, Scale, l == 0 ? Rgb.Ink : Rgb.Grey);
            for (var c = 0; c < rows[r].Cells.Count; c++)
            {
                var cell = rows[r].Cells[c];
                var x = left + c * (column + Gap);
                canvas.Place(cell.Picture.Pixels, cell.Picture.Height, cell.Picture.Width, y, x + (column - width) / 2);
                for (var l = 0; l < cell.Lines.Count; l++)
                    Centred(Cut(cell.Lines[l].Text, letters), y + height + 6 + l * LineHeight, x, column, cell.Lines[l].Colour, canvas);
            }
        }
        if (scaleName is not null) Bar(scaleName, tableEnd, left, canvas);
        return canvas;
    }

    private static void Bar(string name, int top, int left, PixelCanvas canvas)
    {
        canvas.Write("0", top + 1, left, Scale, Rgb.Ink);
        var from = left + PixelFont.Advance * Scale + 4;
        for (var x = 0; x < BarWidth; x++) canvas.Fill(top, from + x, BarHeight, 1, HeatColours.Of(x / (BarWidth - 1.0)));
        canvas.Write(name, top + 1, from + BarWidth + 8, Scale, Rgb.Ink);
    }

    private static void Centred(string text, int top, int left, int width, Rgb colour, PixelCanvas canvas) =>
        canvas.Write(text, top, left + (width - PixelCanvas.WidthOf(text, Scale)) / 2, Scale, colour);

    private static string Cut(string text, int letters) => text.Length > letters ? text[..(letters - 2)] + ".." : text;

    /// <summary>Lines of at most so many letters, broken after a hyphen, a comma, a slash or at a blank.</summary>
    internal static IReadOnlyList<string> Broken(string text, int letters)
    {
        var lines = new List<string>();
        while (text.Length > letters)
        {
            var end = text[..letters].LastIndexOfAny(['-', ' ', ',', '/']) + 1;
            if (end <= 0) break;
            lines.Add(text[..end].Trim());
            text = text[end..].Trim();
        }
        lines.Add(Cut(text, letters));
        return lines;
    }
}
