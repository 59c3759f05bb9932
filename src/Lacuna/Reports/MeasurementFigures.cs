using Lacuna.Evaluation;
using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>Prediction matrices and accuracies per class from what was measured of the models.</summary>
internal static class MeasurementFigures
{
    // More classes than this leave no room for a number in a cell.
    private const int MostNumbers = 20;

    /// <summary>The figure "predictions"; counts of several seeds are added, accuracies averaged.</summary>
    /// <param name="measured">One measurement a seed of each model, all of the same classes.</param>
    public static Figure Of(IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> measured)
    {
        var first = measured[0].Seeds[0];
        var whole = ForgottenWhole(first);
        string[] classes = [.. first.Classes.Select(part => whole.Contains(part.Class) ? part.Name + " *" : part.Name)];
        string[] models = [.. measured.Select(model => model.Name)];
        var numbers = classes.Length <= MostNumbers;
        var seeds = measured.Any(model => model.Seeds.Count > 1) ? " Counts of all seeds are added, accuracies are means over the seeds." : "";
        var marked = whole.Count > 0 ? " * marks what is to be forgotten." : "";
        return new("predictions", "What the models take images for",
            "First, where the forget images go: a good method sends them where the retrained model does, not all into one class. Then accuracy on the test images of each class, to be read column by column against the row of the retrained model: "
            + $"a class that falls was harmed. Last a prediction matrix of each model over all test images; every row adds up to 100 %.{marked}{seeds}",
            "The prediction matrices and accuracies per class that were measured.",
            [
                new GridPanel("Forget images: what each model takes them for", "predicted class", classes, "model", models,
                    [.. measured.Select(model => Shares(Added(model.Seeds, m => m.ForgetPredictions).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])))], "share of the forget images (%)", numbers),
                new GridPanel("Accuracy per class", "class", classes, "model", models, [.. measured.Select(model => first.Classes.Select((_, k) => Mean(model.Seeds.Select(seed => seed.Classes[k].Test))).ToArray())], "test accuracy (%)", numbers),
                .. measured.Select(model => new GridPanel($"{model.Name}: test images", "predicted class", classes, "true class", classes,
                    [.. Added(model.Seeds, m => m.TestPredictions).Select(Shares)], "share of the row (%)", numbers)),
            ]);
    }

    /// <summary>Classes of which all training images are to be forgotten.</summary>
    internal static HashSet<int> ForgottenWhole(ModelMeasurement measured) => [.. measured.Classes.Where(part => part is { Forget: not null, Retain: null }).Select(part => part.Class)];

    private static int[][] Added(IReadOnlyList<ModelMeasurement> seeds, Func<ModelMeasurement, PredictionMatrix> matrix) =>
        [.. Enumerable.Range(0, matrix(seeds[0]).Classes).Select(r => Enumerable.Range(0, matrix(seeds[0]).Classes).Select(c => seeds.Sum(seed => matrix(seed).Counts[r][c])).ToArray())];

    private static double[] Shares(int[] row) => [.. row.Select(count => row.Sum() is > 0 and var all ? 100.0 * count / all : double.NaN)];

    private static double Mean(IEnumerable<double?> values) => values.OfType<double>().DefaultIfEmpty(double.NaN).Average();
}
