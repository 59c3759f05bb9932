using Lacuna.Figures;
using Lacuna.Runs;
using Lacuna.Studies;

namespace Lacuna.Reports.Charts;

/// <summary>Gives every name that occurs in a report its one look. The models have theirs by name; other names take, in order of appearance, the first look that none has beside which they stand.</summary>
internal sealed class Palette
{
    private const string Chance = "chance";

    // In the order of their looks.
    private static readonly string[] Models = [Subject.Original, ResultTable.Oracle, "forget-vector", "mu-mis", "instance-wise", "fine-tune", "negative-gradient", "compose"];

    private readonly Dictionary<string, SeriesStyle> _styles = new(StringComparer.Ordinal) { [Chance] = SeriesStyle.Reference };

    /// <summary>Looks at all panels of a report first, so that a name keeps its colour from the first figure to the last.</summary>
    public Palette(IEnumerable<Panel> panels)
    {
        for (var i = 0; i < Models.Length; i++) _styles[Models[i]] = new(i);
        // The same method once more, so the same colour, told apart by hatching and dashes.
        _styles["compose (two)"] = new(Array.IndexOf(Models, "compose") + SeriesStyle.Colours);
        string[][] together = [.. panels.Select(panel => Names(panel).Distinct(StringComparer.Ordinal).ToArray())];
        foreach (var names in together)
        {
            foreach (var name in names.Where(name => !_styles.ContainsKey(name)))
            {
                HashSet<int> taken = [.. together.Where(group => group.Contains(name)).SelectMany(group => group).Where(_styles.ContainsKey).Select(other => _styles[other].Index)];
                // Black stays with the original model.
                _styles[name] = new(Enumerable.Range(1, taken.Count + 1).First(index => !taken.Contains(index)));
            }
        }
    }

    /// <summary>The look of a name.</summary>
    public SeriesStyle this[string name] => _styles.GetValueOrDefault(name, SeriesStyle.Reference);

    private static IEnumerable<string> Names(Panel panel) => panel switch
    {
        LinePanel lines => lines.Lines.Select(line => line.Name),
        BarPanel bars => bars.Series.Select(series => series.Name),
        HistogramPanel histogram => histogram.Groups.Select(group => group.Name),
        _ => [],
    };
}
