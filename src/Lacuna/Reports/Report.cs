namespace Lacuna.Reports;

/// <summary>All that a report says, before it has a form.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Lead">What it is about, in sentences.</param>
/// <param name="Sections">One a task.</param>
/// <param name="Runs">Where the numbers come from and how to make them again.</param>
public sealed record Report(string Title, IReadOnlyList<string> Lead, IReadOnlyList<ReportSection> Sections, IReadOnlyList<ReportRun> Runs);
