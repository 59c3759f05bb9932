namespace Lacuna.Runs.Experiments;

/// <summary>Where a figure should lie if the experiment reproduces what was published.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Subject">Name of the row.</param>
/// <param name="Metric">Symbol of the metric, as in the table's head.</param>
/// <param name="Low">Least value that counts as reproduced.</param>
/// <param name="High">Largest one.</param>
public sealed record ExpectedRange(string Task, string Subject, string Metric, double Low, double High);
