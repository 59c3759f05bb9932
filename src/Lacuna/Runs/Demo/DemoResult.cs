namespace Lacuna.Runs.Demo;

/// <summary>What the demo measured.</summary>
/// <param name="Environment">On what.</param>
/// <param name="TotalSeconds">The whole run.</param>
/// <param name="Tables">One a split.</param>
public sealed record DemoResult(RunEnvironment Environment, double TotalSeconds, IReadOnlyList<ResultTable> Tables);
