using System.Globalization;
using Lacuna.Evaluation.Membership;
using Lacuna.Figures;

namespace Lacuna.Studies.Membership;

/// <summary>The figure "membership".</summary>
internal static class MembershipFigure
{
    /// <param name="subjects">Models with what the attacks made of them.</param>
    /// <param name="bins">Of the histograms.</param>
    /// <param name="whole">Whether a class is forgotten whole, of which some attacks can say little.</param>
    public static Figure Of(IReadOnlyList<AttackedSubject> subjects, int bins, bool whole)
    {
        var (forget, unseen) = (subjects[0].Forget.Count, subjects[0].Unseen.Count);
        var measured = unseen > 0
            ? $"AUC and curves set the {forget} forget images (members, if remembered) against {unseen} unseen test images of the same kind"
            : "There is no test image of the forgotten kind, so that AUC and curves could not be measured";
        return new("membership", "Membership inference: are the forget images still recognised as training images?",
            $"{measured}; the efficacy is the published figure of each attack, which learns from retain and test images. An AUC above one half means still recognisable, one half indistinguishable, and below one half over-unlearned: "
            + "the images then look less familiar than unseen ones, which gives them away as well. Compare with the row retrain. Intervals are 95 % (DeLong); the verdict's interval is that of an attack without knowledge. "
            + (whole ? MembershipAttacks.MisleadingNote + " " : "")
            + "The histograms show the softmax probability of the true label. Values of each image are in membership.csv; 'lacuna help metrics NAME' defines each attack.",
            "Song and Mittal 2021 (arXiv 2003.10595); Carlini et al. 2022 (arXiv 2112.03570) for the logarithmic axes; Chundawat et al. 2023 (arXiv 2205.08096) for the logistic regression",
            [
                .. unseen > 0 ? (Panel[])[Curves(subjects, true), Curves(subjects, false), Areas(subjects, whole), AreaTable(subjects, whole)] : [],
                Table(subjects, whole),
                .. subjects.Select(subject => Histogram(subject, bins)),
            ]);
    }

    private static LinePanel Curves(IReadOnlyList<AttackedSubject> subjects, bool logarithmic)
    {
        // A logarithmic axis has no zero: rates of 0 stand at half an image.
        double leastX = logarithmic ? 0.5 / subjects[0].Unseen.Count : 0, leastY = logarithmic ? 0.5 / subjects[0].Forget.Count : 0, least = Math.Max(leastX, leastY);
        List<Line> lines = [];
        foreach (var subject in subjects)
        {
            var curve = subject.Scores.First(score => score.Attack == MembershipAttacks.Confidence).Curve!;
            lines.Add(new(subject.Name, [.. curve.FalsePositiveRates.Select(x => Math.Max(x, leastX))], [.. curve.TruePositiveRates.Select(y => Math.Max(y, leastY))]));
        }
        lines.Add(new("chance", [least, 1], [least, 1], [], [], Dashed: true));
        return new(logarithmic ? "ROC of the confidence, logarithmic: the left shows what is recognised with certainty; rates of 0 stand at half an image" : "ROC of the confidence",
            new Axis("false positive rate (unseen images)", logarithmic, leastX, 1), new Axis("true positive rate (forget images)", logarithmic, leastY, 1), lines, []);
    }

    private static BarPanel Areas(IReadOnlyList<AttackedSubject> subjects, bool whole) => new(
        "AUC of every attack; one half is chance", [.. Order(whole).Select(i => Named(i, whole))], new Axis("AUC", Minimum: 0, Maximum: 1),
        [.. subjects.Select(subject => (subject.Name, Scores: Order(whole).Select(i => subject.Scores[i]))).Select(subject => new BarSeries(subject.Name, [.. subject.Scores.Select(score => score.Auc)],
            [.. subject.Scores.Select(score => Math.Max(0, score.Auc - MembershipVerdicts.Errors * score.StandardError))],
            [.. subject.Scores.Select(score => Math.Min(1, score.Auc + MembershipVerdicts.Errors * score.StandardError))]))]);

    private static TablePanel AreaTable(IReadOnlyList<AttackedSubject> subjects, bool whole) => new(
        "AUC of every attack, and what it says", ["Attack", .. subjects.Select(subject => subject.Name)],
        [.. Order(whole).Select(i => (IReadOnlyList<string>)[Named(i, whole), .. subjects.Select(subject => $"{Number(subject.Scores[i].Auc, "0.000")} {subject.Scores[i].Verdict.Word()}")])]);

    private static TablePanel Table(IReadOnlyList<AttackedSubject> subjects, bool whole) => new(
        "All attacks", ["Model", "Attack", "Efficacy (%)", "Forgotten is", "AUC", "95 % interval", "TPR at 1 % FPR (%)", "Verdict"],
        [.. subjects.SelectMany(subject => Order(whole).Select(i => subject.Scores[i]).Select(score => (IReadOnlyList<string>)
        [
            subject.Name, Named(score.Attack, whole), Number(score.EfficacyPercent, "0.00"), score.Direction == MembershipDirection.HigherIsForgotten ? "high" : "low",
            Number(score.Auc, "0.000"), double.IsNaN(score.StandardError) ? "" : "± " + Number(MembershipVerdicts.Errors * score.StandardError, "0.000"),
            Number(100 * score.TprAtOnePercentFpr, "0.0"), score.VerdictText,
        ]))]);

    private static HistogramPanel Histogram(AttackedSubject subject, int bins) => new(
        subject.Name, new Axis("confidence in the true label", Minimum: 0, Maximum: 1),
        [.. Enumerable.Range(0, bins + 1).Select(i => (double)i / bins)],
        [
            new("retain", Shares(subject.Retain.LabelConfidence, bins)),
            new("forget", Shares(subject.Forget.LabelConfidence, bins)),
            .. subject.Unseen.Count > 0 ? (HistogramGroup[])[new("unseen", Shares(subject.Unseen.LabelConfidence, bins))] : [],
        ], [], "share of the group's images (%)");

    // Attacks that can say little come last.
    private static int[] Order(bool whole) => [.. Enumerable.Range(0, MembershipAttacks.Names.Count).OrderBy(i => whole && MembershipAttacks.LearnsItsSide(MembershipAttacks.Names[i]))];

    private static string Named(int i, bool whole) => Named(MembershipAttacks.Names[i], whole);

    private static string Named(string attack, bool whole) => whole && MembershipAttacks.LearnsItsSide(attack) ? attack + " †" : attack;

    private static double[] Shares(IReadOnlyList<double> values, int bins)
    {
        var shares = new double[bins];
        foreach (var value in values) shares[Math.Clamp((int)(value * bins), 0, bins - 1)] += 100.0 / values.Count;
        return shares;
    }

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
