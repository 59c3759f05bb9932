namespace Lacuna.Profiling;

/// <summary>All spans of one name at one place among the others, added up.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Name">Which.</param>
/// <param name="Calls">How many.</param>
/// <param name="Images">Images that went through them.</param>
/// <param name="Seconds">How long they took, with what lies within them.</param>
/// <param name="Children">What lies within them, in the order of the first time.</param>
public sealed record SpanNode(SpanKind Kind, string Name, long Calls, long Images, double Seconds, IReadOnlyList<SpanNode> Children)
{
    /// <summary>Seconds of these spans in which no span within them was under way.</summary>
    public double OwnSeconds => Math.Max(0, Seconds - Children.Sum(child => child.Seconds));
}
