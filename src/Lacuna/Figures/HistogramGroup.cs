namespace Lacuna.Figures;

/// <summary>One group of a histogram.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Counts">One a bin.</param>
public sealed record HistogramGroup(string Name, IReadOnlyList<double> Counts);
