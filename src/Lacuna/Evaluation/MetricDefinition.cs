namespace Lacuna.Evaluation;

/// <summary>One figure: what it is, where it should be, and where the definition comes from.</summary>
/// <param name="Symbol">As in tables; <c>help metrics SYMBOL</c> prints it alone.</param>
/// <param name="Name">In words.</param>
/// <param name="Definition">Formula and the images it is taken over.</param>
/// <param name="Direction">Which values are good.</param>
/// <param name="Source">Paper or code.</param>
public sealed record MetricDefinition(string Symbol, string Name, string Definition, string Direction, string Source)
{
    /// <summary>Which images an attack takes for members; null where nothing is attacked.</summary>
    public string? Members { get; init; }

    /// <summary>Which images it takes for non-members.</summary>
    public string? NonMembers { get; init; }

    /// <summary>What a network that never saw the forget images has; null where <see cref="Direction"/> says it.</summary>
    public string? OracleValue { get; init; }

    /// <summary>What is known to be wrong with it or with the code it comes from.</summary>
    public string? Defects { get; init; }
}
