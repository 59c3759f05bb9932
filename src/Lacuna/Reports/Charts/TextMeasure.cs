using System.Text;

namespace Lacuna.Reports.Charts;

/// <summary>How wide words are before anyone draws them. Widths are DejaVu Sans', one of the widest common faces, so that other faces fit too.</summary>
internal static class TextMeasure
{
    // Hundredths of the font size, from the space to the tilde.
    private static readonly byte[] Regular = Widths(
        "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 "
        + "61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84");
    private static readonly byte[] Bold = Widths(
        "35 46 52 84 70 100 87 31 46 46 52 84 38 42 38 37 70 70 70 70 70 70 70 70 70 70 40 40 84 84 84 58 100 77 76 73 83 68 68 82 84 37 37 77 64 100 84 85 73 85 77 72 68 81 77 110 77 72 73 46 37 46 84 50 50 "
        + "67 72 59 72 68 44 72 71 34 34 67 34 104 71 69 72 72 49 60 48 71 65 92 65 65 58 71 37 71 84");

    /// <summary>Width in units of the drawing.</summary>
    public static double Of(string text, double size, bool bold = false)
    {
        var sum = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            sum += rune.Value switch
            {
                >= ' ' and <= '~' => (bold ? Bold : Regular)[rune.Value - ' '],
                // The scripts of East Asia and pictures fill a square; of the others few letters are wider than this.
                >= 0x1100 => 105,
                _ => 85,
            };
        }
        return sum * size / 100;
    }

    /// <summary>The text, or its beginning and an ellipsis that fit.</summary>
    public static string Shorten(string text, double width, double size, bool bold = false)
    {
        if (Of(text, size, bold) <= width) return text;
        var kept = new StringBuilder();
        var rest = width - Of("…", size, bold);
        foreach (var rune in text.EnumerateRunes())
        {
            rest -= Of(rune.ToString(), size, bold);
            if (rest < 0) break;
            kept.Append(rune);
        }
        return kept.ToString().TrimEnd() + "…";
    }

    /// <summary>The text in lines that fit; words that are wider than a line are shortened, and so is what goes past the last line.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size, bool bold = false, int mostLines = 4)
    {
        var lines = new List<string>();
        var line = "";
        string[] words = text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var longer = line.Length == 0 ? words[i] : line + " " + words[i];
            if (line.Length == 0 || Of(longer, size, bold) <= width)
            {
                line = longer;
                continue;
            }
            if (lines.Count == mostLines - 1)
            {
                line = string.Join(' ', words[i..].Prepend(line));
                break;
            }
            lines.Add(line);
            line = words[i];
        }
        if (line.Length > 0) lines.Add(line);
        return [.. lines.Select(l => Shorten(l, width, size, bold))];
    }

    private static byte[] Widths(string numbers) => [.. numbers.Split(' ').Select(byte.Parse)];
}
