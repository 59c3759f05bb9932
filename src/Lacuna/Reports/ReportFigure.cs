using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>A figure in a report.</summary>
/// <param name="Figure">Its numbers.</param>
/// <param name="Folder">Where its pictures lie.</param>
public sealed record ReportFigure(Figure Figure, string Folder);
