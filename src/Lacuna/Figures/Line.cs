using System.Text.Json.Serialization;

namespace Lacuna.Figures;

/// <summary>A curve.</summary>
/// <param name="Name">For the legend. The same model has the same name, and so the same colour, in every figure.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">One a value of X; NaN leaves a gap.</param>
/// <param name="Low">Lower ends of an interval about Y; empty for none.</param>
/// <param name="High">Upper ends.</param>
/// <param name="Dashed">Whether it is drawn dashed, for references such as chance.</param>
[method: JsonConstructor]
public sealed record Line(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Low, IReadOnlyList<double> High, bool Dashed = false)
{
    /// <summary>A curve without intervals.</summary>
    public Line(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) : this(name, x, y, [], [])
    {
    }
}
