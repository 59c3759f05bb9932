namespace Lacuna.Runs.Bench;

/// <summary>A whole measurement.</summary>
/// <param name="Environment">On what.</param>
/// <param name="CopyGigabytesPerSecond">Best rate of a plain copy between buffers larger than the cache, read and written bytes together.</param>
/// <param name="CacheMegabytes">Largest cache; rotating buffers are several times as large.</param>
/// <param name="Rows">One an operation and size.</param>
public sealed record BenchReport(RunEnvironment Environment, double CopyGigabytesPerSecond, double CacheMegabytes, IReadOnlyList<BenchRow> Rows);
