namespace Lacuna.Reports;

/// <summary>A run folder that a report was made of.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Command">What makes it again.</param>
/// <param name="Recipe">The experiment's file, or the configuration that was recorded; text.</param>
/// <param name="Environment">Names and values.</param>
public sealed record ReportRun(string Name, string Command, string Recipe, IReadOnlyList<KeyValuePair<string, string>> Environment);
