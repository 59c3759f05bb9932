using System.Text;

namespace Lacuna.Reports.Charts;

/// <summary>Slanted lines in the colour of the paper over a bar, which tell it apart without colour.</summary>
internal static class Hatching
{
    private const double Apart = 6;

    /// <summary>Over a rectangle; nothing reaches out of it.</summary>
    public static void Draw(SvgCanvas canvas, double x, double y, double width, double height)
    {
        var path = new StringBuilder();
        for (var foot = x + Apart - height; foot < x + width; foot += Apart)
        {
            // From (foot, below) to (foot + height, above), cut off at both sides.
            var (from, to) = (Math.Max(foot, x), Math.Min(foot + height, x + width));
            if (from >= to) continue;
            path.Append('M').Append(SvgCanvas.Number(from)).Append(' ').Append(SvgCanvas.Number(y + height - (from - foot))).Append('L').Append(SvgCanvas.Number(to)).Append(' ').Append(SvgCanvas.Number(y + height - (to - foot)));
        }
        if (path.Length > 0) canvas.Shape("path", null, ("d", path.ToString()), ("class", "halo"), ("fill", "none"), ("stroke", "#ffffff"), ("stroke-width", 1.5), ("pointer-events", "none"));
    }
}
