namespace Lacuna.Runs.Experiments;

/// <summary>The table of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Table">One row a model.</param>
public sealed record SeedResult(ulong Seed, ResultTable Table);
