namespace Lacuna.Figures;

/// <summary>A table of words and numbers.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="Heads">Column heads with units.</param>
/// <param name="Rows">Cells as text; an empty one for what was not measured.</param>
public sealed record TablePanel(string Title, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows) : Panel(Title);
