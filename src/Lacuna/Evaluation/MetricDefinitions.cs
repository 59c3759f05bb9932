namespace Lacuna.Evaluation;

/// <summary>Every figure Lacuna prints, in groups of a file each.</summary>
public static partial class MetricDefinitions
{
    /// <summary>In the order of the tables' columns, then group by group.</summary>
    public static IReadOnlyList<MetricDefinition> All => [.. Table, .. Membership, .. Representation];

    /// <summary>The definition of a symbol, whatever its letters' case; null for none.</summary>
    public static MetricDefinition? Find(string symbol) => All.FirstOrDefault(metric => string.Equals(metric.Symbol, symbol, StringComparison.OrdinalIgnoreCase));
}
