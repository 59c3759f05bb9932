using System.Globalization;
using Lacuna.Profiling;

namespace Lacuna.Cli;

/// <summary>
/// A tree of spans as lines of text: each line is one depth, and what lies under a piece of a line is what that piece was spent on. Pieces are as wide as their share of the time;
/// those that are narrower than a column are left out.
/// </summary>
internal static class FlameBar
{
    private const int MostDepth = 8;

    /// <summary>The lines, each exactly so wide, as pieces of text with what they show; null for nothing.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Text, SpanKind? Kind)>> Lines(SpanNode root, int width)
    {
        var places = new List<List<(int Start, int End, SpanNode Node)>>();
        Place(root, 0, width, 0, places);
        return [.. places.Select(line => Draw(line, root.Seconds, width))];
    }

    private static void Place(SpanNode node, int start, int end, int depth, List<List<(int, int, SpanNode)>> places)
    {
        if (end <= start || depth == MostDepth || node.Seconds <= 0) return;
        if (places.Count == depth) places.Add([]);
        places[depth].Add((start, end, node));
        var before = 0.0;
        foreach (var child in node.Children)
        {
            // Ends are rounded, not widths: errors do not add up. Spans may be a tick longer than what they lie in.
            int Column(double seconds) => Math.Min(end, start + (int)Math.Round((end - start) * seconds / node.Seconds));
            Place(child, Column(before), Column(before + child.Seconds), depth + 1, places);
            before += child.Seconds;
        }
    }

    private static List<(string, SpanKind?)> Draw(List<(int Start, int End, SpanNode Node)> line, double whole, int width)
    {
        var pieces = new List<(string, SpanKind?)>();
        var at = 0;
        foreach (var (start, end, node) in line)
        {
            if (start > at) pieces.Add((new string(' ', start - at), null));
            pieces.Add((Piece(node, node.Seconds / whole, end - start), node.Kind));
            at = end;
        }
        if (at < width) pieces.Add((new string(' ', width - at), null));
        return pieces;
    }

    private static string Piece(SpanNode node, double share, int width)
    {
        var label = string.Create(CultureInfo.InvariantCulture, $"{node.Name} {100 * share:0} %");
        var inside = width - 1;
        var shown = label.Length <= inside ? label : node.Name.Length <= inside ? node.Name : inside > 3 ? node.Name[..(inside - 1)] + "…" : "";
        return ("|" + shown).PadRight(width, '-');
    }
}
