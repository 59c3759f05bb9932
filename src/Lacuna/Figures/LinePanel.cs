namespace Lacuna.Figures;

/// <summary>Curves over a common axis.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="X">The axis along which the curves run.</param>
/// <param name="Y">What they show.</param>
/// <param name="Lines">The curves.</param>
/// <param name="Marks">Places on X that have a name, such as the step at which a method stopped; drawn as vertical lines.</param>
public sealed record LinePanel(string Title, Axis X, Axis Y, IReadOnlyList<Line> Lines, IReadOnlyList<Mark> Marks) : Panel(Title);
