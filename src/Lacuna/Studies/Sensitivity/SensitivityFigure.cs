using System.Globalization;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Figures;

namespace Lacuna.Studies.Sensitivity;

/// <summary>The study's findings as a figure: a histogram a model, the shares of images whose difference rose and fell, and the table.</summary>
internal static class SensitivityFigure
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        [SensitivityFindings.Untrained] = "before training",
        [Subject.Original] = "after training (original)",
    };

    public static Figure Of(SensitivityFindings findings)
    {
        var all = findings.Subjects.SelectMany(subject => new[] { subject.Forget.Target, subject.Forget.Irrelevant }).SelectMany(norms => norms).ToArray();
        var bins = new LogarithmicBins(all);
        var summary = findings.Summary();
        List<Panel> panels = [.. findings.Subjects.Select(subject => Histogram(subject, bins))];
        if (Bars("Rise: share of images whose d(x) is higher after training than before", "d(x) rose (%)", summary, line => line.RosePercent) is { } rise) panels.Add(rise);
        if (Bars("Fall: share of images whose d(x) is lower than under the original", "d(x) fell (%)", summary, line => line.FellPercent) is { } fall) panels.Add(fall);
        panels.Add(Table(summary));
        return new("sensitivity", "Input sensitivity of training samples", Caption(findings, all.Count(norm => !LogarithmicBins.IsBinned(norm))),
            "Cheng et al. 2024 (arXiv 2402.15109), the observation behind MU-Mis; definitions in src/Lacuna/Studies/Sensitivity/README.md", panels);
    }

    private static HistogramPanel Histogram(SubjectSensitivity subject, LogarithmicBins bins) => new(
        Titles.GetValueOrDefault(subject.Name, subject.Name), new("norm of a logit's input gradient", Logarithmic: true), bins.Edges,
        [new("target logit", bins.CountsOf(subject.Forget.Target)), new("irrelevant logits", bins.CountsOf(subject.Forget.Irrelevant))], []);

    private static BarPanel? Bars(string title, string label, IReadOnlyList<SensitivitySummary> summary, Func<SensitivitySummary, double?> value)
    {
        var subjects = summary.Where(line => value(line) is not null).Select(line => line.Subject).Distinct().ToList();
        if (subjects.Count == 0) return null;
        double Of(string subject, string set) => value(summary.First(line => line.Subject == subject && line.Set == set)) ?? double.NaN;
        return new(title, ["forget images", "retain images"], new(label, Minimum: 0, Maximum: 100), [.. subjects.Select(subject => new BarSeries(subject, [Of(subject, "forget"), Of(subject, "retain")]))]);
    }

    private static TablePanel Table(IReadOnlyList<SensitivitySummary> summary) => new("Medians over the images, and shares",
        ["Model", "Images of", "Images", "Target norm", "Irrelevant norm", "d(x)", "d(x) > 0 (%)", "d(x) rose in training (%)", "d(x) below the original's (%)"],
        [.. summary.Select(line => (IReadOnlyList<string>)
        [
            line.Subject, line.Set, line.Images.ToString(CultureInfo.InvariantCulture), Number(line.TargetMedian), Number(line.IrrelevantMedian), Number(line.DifferenceMedian),
            Percent(line.AboveZeroPercent), Percent(line.RosePercent), Percent(line.FellPercent),
        ])]);

    private static string Caption(SensitivityFindings findings, int unplaced)
    {
        var values = findings.Subjects[0].Forget;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"Histograms over {values.Count} forget images, the same for every model, with the same edges in every panel: the Frobenius norm of the gradient, with respect to the image in [0,1], of the "
            + $"target logit (the label's), and the mean of the norms of {values.IrrelevantLogits} irrelevant logit(s) (other classes'). d(x) is the first less the second. If an image contributed to training, d(x) should have risen in training, "
            + $"and should be lower under a network that never saw the image: read the share of forget images against that of retain images, which every network saw: what another training alone does shows there. ");
        if (findings.Find(SensitivityFindings.Untrained) is null) text += "The network before training is not known here, so no rise is shown. ";
        if (unplaced > 0) text += string.Create(CultureInfo.InvariantCulture, $"{unplaced} norm(s) are zero or not finite and have no place on the axis. ");
        return text + "Lacuna's definition from notes on the paper, not from its text: whether the paper averages the irrelevant norms, and over which images it counts, is not known to us.";
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Percent(double? value) => value is { } share && !double.IsNaN(share) ? share.ToString("0.0", CultureInfo.InvariantCulture) : "";
}
