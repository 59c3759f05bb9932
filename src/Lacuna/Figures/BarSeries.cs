using System.Text.Json.Serialization;

namespace Lacuna.Figures;

/// <summary>The bars of one model in all groups.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One a category; NaN for none.</param>
/// <param name="Low">Lower ends of the intervals; empty for none.</param>
/// <param name="High">Upper ends.</param>
[method: JsonConstructor]
public sealed record BarSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Low, IReadOnlyList<double> High)
{
    /// <summary>Bars without intervals.</summary>
    public BarSeries(string name, IReadOnlyList<double> values) : this(name, values, [], [])
    {
    }
}
