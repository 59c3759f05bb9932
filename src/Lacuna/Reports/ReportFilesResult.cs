namespace Lacuna.Reports;

/// <summary>What <see cref="ReportFiles"/> wrote.</summary>
/// <param name="Page">The HTML file.</param>
/// <param name="Folder">Where the figures' files are.</param>
/// <param name="Files">How many there are.</param>
/// <param name="Missing">Why there are no PNG files, and what to install; null where there are.</param>
public sealed record ReportFilesResult(string Page, string Folder, int Files, string? Missing);
