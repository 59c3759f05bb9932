namespace Lacuna.Reports;

/// <summary>A row of pictures and the lines of text in front of it.</summary>
/// <param name="Labels">The first line stands out.</param>
/// <param name="Cells">One a column.</param>
/// <param name="BeginsGroup">Whether a line is drawn above it.</param>
internal sealed record PictureRow(IReadOnlyList<string> Labels, IReadOnlyList<PictureCell> Cells, bool BeginsGroup = false);
