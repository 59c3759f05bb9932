using Lacuna.Data.Images;
using Lacuna.Figures;
using Lacuna.Reports;

namespace Lacuna.Tests.Reports;

/// <summary>A report with every kind of panel, and in them what is hard to draw: long names, names that are markup, many classes, many series, gaps, logarithms, negative and tiny values.</summary>
internal static class SyntheticReport
{
    public const string Hostile = "<script>alert('x')</script> & \"quoted\" ]]> \u0001";

    private const string Long = "Elastic transformation with an intensity of 488, smoothing of 170.8 and an offset of 24.4, scaled to 28 pixels";

    private static readonly string[] Subjects = ["original", "retrain", "forget-vector", "mu-mis"];

    /// <param name="folder">Where the picture of the picture panel is put.</param>
    public static Report In(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "sheet.png"))) PngFile.Write(Path.Combine(folder, "sheet.png"), [.. Enumerable.Range(0, 900 * 120).Select(i => (byte)(i % 251))], 120, 900, 1);
        ReportFigure[] figures = [.. new[] { Lines(), Bars(), Histograms(), Grids(), Rest() }.Select(figure => new ReportFigure(figure, folder))];
        return new("What a synthetic run forgot " + Hostile, ["An experiment that no one made."],
            [new("task", $"Forget the class {Hostile}", ["600 images are to be forgotten, 5,400 stay."],
                new TablePanel("", ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap", "Verdict"], [["original", "4.83 ± 0.21", "96.00 ± 0.11", "86.67", "6.83", "–", "–"], ["retrain", "100.00", "96.52", "88.06", "100.00", "0.00", "the yardstick"], [Hostile, "1.00", "2.00", "3.00", "4.00", "5.00", Long]]),
                ["forget-vector comes as near as 0.5 points; " + Long, Hostile], figures)],
            [new("run", "lacuna experiment a-file-with-a-very-long-name-that-does-not-fit-on-a-telephone.yaml --out runs/somewhere/far/away/in/a/deep/folder --seed 1", "name: " + Hostile, [new("utc", "2026-01-01T00:00:00Z"), new("processor", new string('X', 90))])]);
    }

    public static Figure Lines()
    {
        double[] steps = [.. Enumerable.Range(0, 145).Select(i => (double)i)];
        double[] rates = [0.001, 0.01, 0.1, 1];
        return new("trajectory", "Course of a method", Long + ".", "Figure 3 of a paper", [
            new LinePanel("Accuracy against steps, with a title that is so long that it cannot stand on one line of the picture", new("step"), new("accuracy (%)"),
                [new("mu-mis", steps, [.. steps.Select(s => s is > 60 and < 75 ? double.NaN : 90 - s * s / 300)], [.. steps.Select(s => 85 - s * s / 300)], [.. steps.Select(s => 93 - s * s / 300)]), new("retrain", [0, 144], [88.5, 88.5], [], [], Dashed: true)],
                [new(100, "stopped: the norms' ratio rose past 2"), new(104, "best"), new(144, "cap")]),
            new LinePanel("ROC on two logarithmic axes", new("false positive rate", Logarithmic: true), new("true positive rate", Logarithmic: true), [new("chance", rates, rates, [], [], Dashed: true), new("u-lira", rates, [0.02, 0.05, 0.3, 1]), new("nothing at zero", [0, 0.01, 1], [0, 0.004, 1])], []),
            new LinePanel("Twelve classes", new("step"), new("loss"), [.. Enumerable.Range(0, 12).Select(k => new Line($"class {k} with a long name", [0, 1, 2, 3], [k, -k, k * 2, 3]))], []),
            new LinePanel("Nothing measured", new("step"), new("loss"), [new("original", [1, 2], [double.NaN, double.NaN])], []),
        ]);
    }

    public static Figure Bars() => new("robustness", "Robustness", "Bars.", "Table 2", [
        new BarPanel("UA under changes of the images", ["clean", Long, "PGD-7, 8/255"], new("unlearning accuracy (%)", Minimum: 0, Maximum: 100),
            [.. Subjects.Select((name, s) => new BarSeries(name, [10 + 20 * s, s == 3 ? double.NaN : 33.25 + s, 99.5 - s], [8 + 20 * s, 30, 98 - s], [12 + 20 * s, 37, 100]))]),
        new BarPanel("Change against clean, in points", ["a", "b"], new("difference (points)"), [new("retrain", [-12.5, 3]), new("mu-mis", [4, -0.25])]),
        new BarPanel("Seconds", ["cnn-s", "resnet20"], new("seconds", Logarithmic: true), [new("retrain", [0.5, 300]), new("mu-mis", [2, 40])]),
        new BarPanel("One bar", ["all"], new("AUC"), [new("u-lira", [0.5])]),
        new BarPanel("A hundred classes", [.. Enumerable.Range(0, 100).Select(i => $"class {i}")], new("accuracy (%)"), [new("original", [.. Enumerable.Range(0, 100).Select(i => (double)i)]), new("retrain", [.. Enumerable.Range(0, 100).Select(i => 100.0 - i)])]),
    ]);

    public static Figure Histograms() => new("sensitivity", "Input sensitivity", "Histograms.", "Figure 2", [
        new HistogramPanel("Norms, logarithmic", new("norm of the target logit's gradient", Logarithmic: true), [0.01, 0.1, 1, 10, 100], [new("original", [5, 100, 40, 1]), new("retrain", [50, 80, 10, 6])], [new(0.7, "mean of the original"), new(0.9, "mean of the oracle")]),
        new HistogramPanel("Groups of very different size", new("rise"), [-2, -1, 0, 1, 2], [new("forget images", [1, 2, 3, 4]), new("retain images", [1000, 800, 600, 5000])], []),
    ]);

    public static Figure Grids() => new("predictions", "Predictions", "Grids.", "Figure 5", [
        new GridPanel("Ten classes", "predicted class", ClassNames(10), "true class", ClassNames(10), [.. Enumerable.Range(0, 10).Select(r => Enumerable.Range(0, 10).Select(c => r == c ? 91.2 - r : c == r + 1 ? 8.8 + r : 0).ToArray())], "share of the row (%)", ShowNumbers: true),
        new GridPanel("A hundred classes", "predicted class", ClassNames(100), "true class", ClassNames(100), [.. Enumerable.Range(0, 100).Select(r => Enumerable.Range(0, 100).Select(c => r == c ? 80.0 : (r * 7 + c) % 41 == 0 ? 5 : 0).ToArray())], "share of the row (%)"),
        new GridPanel("Coefficients", "w2", [.. Enumerable.Range(0, 9).Select(i => $"{(i - 4) / 2.0}")], "w1", [.. Enumerable.Range(0, 9).Select(i => $"{(i - 4) / 2.0}")],
            [.. Enumerable.Range(0, 9).Select(r => Enumerable.Range(0, 9).Select(c => r == 8 && c == 0 ? double.NaN : (r - 3.5) * (r - 3.5) + (c - 6) * (c - 6) - 20).ToArray())], "loss", Chosen: new(3.5, 6, "the optimised coefficients")),
    ]);

    private static Figure Rest() => new("grad-cam", "Saliency", "Pictures and words.", "Figure 6", [
        new PicturePanel("Sheet", "sheet.png", "Saliency maps of six images by three models.", 900, 120),
        new TablePanel("Verdicts", ["Image", "Prediction", "Verdict"], [["t10k/0001.png", Hostile, "wrong"], [Long, "bag", Long]]),
    ]);

    private static string[] ClassNames(int count) => [.. Enumerable.Range(0, count).Select(i => i == 3 ? "a class with a name that goes on and on" : i == 4 ? Hostile : $"class {i}")];
}
