using Lacuna.Evaluation;
using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>Prediction matrices and accuracies per class from what was measured of the models.</summary>
internal static class MeasurementFigures
{
    // More classes than this leave no room for a number in a cell.
    private const int MostNumbers = 20;

    /// <summary>The figures "predictions" and "class-accuracy"; counts of several seeds are added.</summary>
    /// <param name="measured">One measurement a seed of each model, all of the same classes.</param>
    public static IEnumerable<Figure> Of(IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> measured)
    {
        var first = measured[0].Seeds[0];
        var whole = ForgottenWhole(first);
        string[] classes = [.. first.Classes.Select(part => whole.Contains(part.Class) ? part.Name + " (forgotten)" : part.Name)];
        string[] models = [.. measured.Select(model => model.Name)];
        var numbers = classes.Length <= MostNumbers;
        var seeds = measured.Any(model => model.Seeds.Count > 1) ? " Counts of all seeds are added." : "";
        yield return new("predictions", "What the models take images for",
            $"The first grid shows where the forget images go: a good method sends them where the retrained model does, not all into one class. Below it a prediction matrix of each model over all test images. Every row adds up to 100 %.{seeds}",
            "The prediction matrices of the measurements; the columns of the first grid answer the papers' question where forgotten samples are sent.",
            [
                new GridPanel("Forget images: what each model takes them for", "predicted class", classes, "model", models,
                    [.. measured.Select(model => Shares(Added(model.Seeds, m => m.ForgetPredictions).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])))], "share of the forget images (%)", numbers),
                .. measured.Select(model => new GridPanel($"{model.Name}: test images", "predicted class", classes, "true class", classes,
                    [.. Added(model.Seeds, m => m.TestPredictions).Select(Shares)], "share of the row (%)", numbers)),
            ]);
        yield return new("class-accuracy", "Accuracy per class",
            $"Accuracy on the test images of each class, in percent{(seeds.Length > 0 ? ", the mean over the seeds" : "")}. Read it column by column against the row of the retrained model: a class that falls was harmed, a forgotten one that stays is still known.",
            "The accuracies per class of the measurements.",
            [new GridPanel("", "class", classes, "model", models, [.. measured.Select(model => first.Classes.Select((_, k) => Mean(model.Seeds.Select(seed => seed.Classes[k].Test))).ToArray())], "test accuracy (%)", numbers)]);
    }

    /// <summary>Classes of which all training images are to be forgotten.</summary>
    internal static HashSet<int> ForgottenWhole(ModelMeasurement measured) => [.. measured.Classes.Where(part => part is { Forget: not null, Retain: null }).Select(part => part.Class)];

    private static int[][] Added(IReadOnlyList<ModelMeasurement> seeds, Func<ModelMeasurement, PredictionMatrix> matrix) =>
        [.. Enumerable.Range(0, matrix(seeds[0]).Classes).Select(r => Enumerable.Range(0, matrix(seeds[0]).Classes).Select(c => seeds.Sum(seed => matrix(seed).Counts[r][c])).ToArray())];

    private static double[] Shares(int[] row) => [.. row.Select(count => row.Sum() is > 0 and var all ? 100.0 * count / all : double.NaN)];

    private static double Mean(IEnumerable<double?> values) => values.OfType<double>().DefaultIfEmpty(double.NaN).Average();
}
