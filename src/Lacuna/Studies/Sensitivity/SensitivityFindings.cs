using Lacuna.Evaluation.Sensitivity;
using MathNet.Numerics.Statistics;

namespace Lacuna.Studies.Sensitivity;

/// <summary>Input sensitivities of the same images under several models.</summary>
/// <param name="Subjects">The network before training first, where it is known; then the original, the oracle, and what each method left.</param>
public sealed record SensitivityFindings(IReadOnlyList<SubjectSensitivity> Subjects)
{
    /// <summary>Name of the network before training.</summary>
    public const string Untrained = "untrained";

    /// <summary>The model of a name, or null.</summary>
    public SubjectSensitivity? Find(string name) => Subjects.FirstOrDefault(subject => subject.Name == name);

    /// <summary>Two lines a model: forget images, then retain images.</summary>
    public IReadOnlyList<SensitivitySummary> Summary() =>
        [.. Subjects.SelectMany(subject => new[] { Line(subject, "forget", s => s.Forget), Line(subject, "retain", s => s.Retain) })];

    /// <summary>Share, in percent, of the images whose d(x) is lower under the first model than under the second; NaN when none has a finite d(x) under both.</summary>
    public static double LowerPercent(SensitivityValues first, SensitivityValues second)
    {
        var (lower, compared) = (0, 0);
        for (var i = 0; i < first.Count; i++)
        {
            var (a, b) = (first.Difference(i), second.Difference(i));
            if (!double.IsFinite(a) || !double.IsFinite(b)) continue;
            compared++;
            if (a < b) lower++;
        }
        return compared == 0 ? double.NaN : 100.0 * lower / compared;
    }

    private SensitivitySummary Line(SubjectSensitivity subject, string set, Func<SubjectSensitivity, SensitivityValues> part)
    {
        var values = part(subject);
        int[] finite = [.. Enumerable.Range(0, values.Count).Where(i => double.IsFinite(values.Difference(i)))];
        double Median(Func<int, double> of) => finite.Select(of).Median();
        var isOriginal = subject.Name == Studies.Subject.Original;
        var before = isOriginal && Find(Untrained) is { } untrained ? LowerPercent(part(untrained), values) : (double?)null;
        var after = !isOriginal && subject.Name != Untrained && Find(Studies.Subject.Original) is { } original ? LowerPercent(values, part(original)) : (double?)null;
        return new(subject.Name, set, finite.Length, Median(i => values.Target[i]), Median(i => values.Irrelevant[i]), Median(values.Difference),
            finite.Length == 0 ? double.NaN : 100.0 * finite.Count(i => values.Difference(i) > 0) / finite.Length, before, after);
    }
}
