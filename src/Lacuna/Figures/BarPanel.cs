namespace Lacuna.Figures;

/// <summary>Bars in groups: one group a category, one bar a series.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="Categories">Names of the groups.</param>
/// <param name="Y">What the bars measure.</param>
/// <param name="Series">The bars.</param>
public sealed record BarPanel(string Title, IReadOnlyList<string> Categories, Axis Y, IReadOnlyList<BarSeries> Series) : Panel(Title);
