namespace Lacuna.Figures;

/// <summary>How often values fall between edges, for one or several groups over the same edges.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="X">What is counted.</param>
/// <param name="Edges">Ascending, one more than there are bins.</param>
/// <param name="Groups">Name and counts, one a bin.</param>
/// <param name="Marks">Places on X that have a name, such as a threshold or a mean.</param>
/// <param name="CountLabel">What is counted in a bin, with unit.</param>
public sealed record HistogramPanel(string Title, Axis X, IReadOnlyList<double> Edges, IReadOnlyList<HistogramGroup> Groups, IReadOnlyList<Mark> Marks, string CountLabel = "count in a bin") : Panel(Title);
