using System.Globalization;
using Lacuna.Evaluation;
using Lacuna.Figures;

namespace Lacuna.Studies.Robustness;

/// <summary>Makes the figure of what was measured.</summary>
internal sealed class RobustnessFigure(StudyContext context, RobustnessOptions options, int retainImages)
{
    private static readonly (string Title, Func<UnlearningMetrics, double> Value)[] Metrics =
    [
        ("UA: forget images that are misclassified", metrics => metrics.UnlearningAccuracy),
        ("RA: accuracy on retain images", metrics => metrics.RetainAccuracy),
        ("TA: accuracy on test images", metrics => metrics.TestAccuracy),
        ("MIA: forget images taken for images never trained on", metrics => metrics.MembershipEfficacy),
    ];

    /// <param name="shifts">Names, "clean" first.</param>
    /// <param name="measured">[shift][subject].</param>
    /// <param name="picture">The images under each shift, or null.</param>
    public Figure Of(IReadOnlyList<string> shifts, IReadOnlyList<UnlearningMetrics[]> measured, PicturePanel? picture)
    {
        var panels = new List<Panel>();
        foreach (var (title, value) in Metrics)
        {
            var series = context.Subjects.Select((subject, s) => new BarSeries(subject.Name, [.. measured.Select(row => value(row[s]))]));
            panels.Add(new BarPanel(title, shifts, new Axis("share of images (%)", Minimum: 0, Maximum: 100), [.. series]));
        }
        if (picture is not null) panels.Add(picture);
        panels.Add(Table(shifts, measured));
        return new("robustness", "Unlearning under shifted images", Caption(), "Sun et al. 2024 (arXiv 2412.16780), the figure on shifted data; shifts of Hendrycks and Dietterich 2019 (ImageNet-C) and Madry et al. 2018 (PGD).", panels);
    }

    private TablePanel Table(IReadOnlyList<string> shifts, IReadOnlyList<UnlearningMetrics[]> measured)
    {
        var oracle = context.Oracle is { } retrained ? context.Subjects.ToList().IndexOf(retrained) : -1;
        var rows = new List<IReadOnlyList<string>>();
        for (var shift = 0; shift < shifts.Count; shift++)
        {
            for (var s = 0; s < context.Subjects.Count; s++)
            {
                var metrics = measured[shift][s];
                rows.Add([shifts[shift], context.Subjects[s].Name, .. Metrics.Select(metric => Number(metric.Value(metrics))), oracle < 0 ? "" : Number(metrics.AverageGapTo(measured[shift][oracle]))]);
            }
        }
        return new("All numbers", ["shift", "model", "UA (%)", "RA (%)", "TA (%)", "MIA (%)", "gap to retrain under the same shift (points)"], rows);
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.0", CultureInfo.InvariantCulture);

    private string Caption()
    {
        var (train, split) = (context.Train, context.Split);
        var all = retainImages == split.Retain.Length;
        var sentences = new List<string>
        {
            FormattableString.Invariant($"The same shift is applied to all {split.Forget.Length} forget images, {(all ? "all" : "a random sample of")} {retainImages}{(all ? "" : $" of {split.Retain.Length}")} retain images and {split.DivideTest(context.Test).Retain.Length} test images of {train.Name} ({train.Height}x{train.Width} pixels), and every model is shown the same shifted images."),
            "A forget vector is added after the shift and is not clipped.",
        };
        if (options.Noise.Count > 0) sentences.Add("Noise: Gaussian, with the standard deviation in units of the range of brightness, then clipped.");
        if (options.Elastic.Count > 0)
        {
            var scaled = string.Join(" and ", options.Elastic.Select(elastic => elastic.At(train.Height, train.Width)).Select(e => FormattableString.Invariant($"{e.Intensity:0.##}/{e.Smoothing:0.##}/{e.Offset:0.##}")));
            sentences.Add($"Elastic: intensity/smoothing/offset in pixels of a 244-pixel image; here {scaled} pixels.");
        }
        if (options.Attack is { } attack)
        {
            sentences.Add(FormattableString.Invariant($"PGD-{attack.Steps}: untargeted, L-infinity radius {attack.Epsilon * 255:0.##}/255, step {attack.StepSize * 255:0.##}/255, no random start;"));
            sentences.Add(options.AttackedModel switch
            {
                AttackedModel.Original => "made once, against the original without a forget vector, and shown to every model. The paper does not say which model it attacks; its code reads ready-made images.",
                AttackedModel.EachSubject => "made against each model for itself (white-box), its forget vector a part of what is attacked.",
                _ => "made once against the original and shown to every model, and (white-box) against each model for itself, its forget vector a part of what is attacked.",
            });
        }
        sentences.Add("Robust unlearning keeps UA and MIA as far from the original's, and as near to the retrained network's, as on clean images; a UA that rises with RA and TA falling together is confusion, not forgetting.");
        sentences.Add("The membership attack is trained anew under every shift; where RA and TA are alike it has nothing to tell members by, and MIA may be anything from 0 to 100.");
        return string.Join(" ", sentences);
    }
}
