using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>What was forgotten once, by which methods, and what it came to.</summary>
/// <param name="Id">Unique in the report: lower-case letters, digits, hyphens.</param>
/// <param name="Title">What was forgotten, in words.</param>
/// <param name="Facts">Sentences about the task: counts, data.</param>
/// <param name="Summary">One row a model.</param>
/// <param name="Findings">What to read from it, in sentences.</param>
/// <param name="Figures">In reading order.</param>
public sealed record ReportSection(string Id, string Title, IReadOnlyList<string> Facts, TablePanel Summary, IReadOnlyList<string> Findings, IReadOnlyList<ReportFigure> Figures);
