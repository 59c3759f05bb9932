namespace Lacuna.Reports;

/// <summary>A picture with lines of text below it.</summary>
internal sealed record PictureCell(Thumbnail Picture, IReadOnlyList<(string Text, Rgb Colour)> Lines);
