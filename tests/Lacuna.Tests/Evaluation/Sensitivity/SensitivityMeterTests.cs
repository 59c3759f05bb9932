using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models.Frozen;
using Lacuna.Numerics;
using Lacuna.Tests.Methods;
using Lacuna.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation.Sensitivity;

/// <summary>Norms of input gradients against a linear model's rows, and against differences in float64.</summary>
public sealed class SensitivityMeterTests : IDisposable
{
    // Squared norms of 64 floats near 1, then a root: 1e-6 is ten roundings.
    private const double FloatRounding = 1e-6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>Logit k of W x has the gradient W[k] everywhere, and 2 k + 3 for a row of 64 equal weights of (2 k + 3) / 8.</summary>
    [Fact]
    public void OfALinearModelTheNormsAreThoseOfItsRows()
    {
        using var model = Linear(5);
        var set = FiveClasses(40);
        int[] rows = [7, 3, 12, 39, 3, 20];
        var values = new SensitivityMeter(model, null, CPU, new DrawSource(1), irrelevantLogits: 9, batchSize: 4).Of(set, rows, Cancel);

        Assert.Equal(rows, values.Rows);
        Assert.Equal(4, values.IrrelevantLogits);
        for (var i = 0; i < rows.Length; i++)
        {
            var label = rows[i] % 5;
            double[] others = [.. Enumerable.Range(0, 5).Where(k => k != label).Select(RowNorm)];
            Assert.Equal(label, values.Labels[i]);
            Assert.Equal(RowNorm(label), values.Target[i], FloatRounding * 11);
            Assert.Equal(others.Average(), values.Irrelevant[i], FloatRounding * 11);
            Assert.Equal(others.Average(norm => norm * norm), values.IrrelevantSquared[i], FloatRounding * 121);
            Assert.Equal(RowNorm(label) - others.Average(), values.Difference(i), FloatRounding * 22);
        }
        Assert.Equal(Math.Sqrt(rows.Average(row => Math.Pow(RowNorm(row % 5), 2))), values.TargetRms, FloatRounding * 11);
    }

    /// <summary>With fewer logits than there are, the drawn ones are distinct, never the label, the same for every model and order, and all of them over many images.</summary>
    [Fact]
    public void DrawnLogitsAreOtherClassesAndBelongToTheRow()
    {
        using var model = Linear(5);
        var set = FiveClasses(40);
        int[] rows = [.. Enumerable.Range(0, 40)];
        SensitivityValues Measure(int[] some, ulong seed) => new SensitivityMeter(model, null, CPU, new DrawSource(seed), 2, batchSize: 7).Of(set, some, Cancel);
        var values = Measure(rows, 1);
        var seen = new HashSet<double>();
        for (var i = 0; i < rows.Length; i++)
        {
            var pairs = from a in Enumerable.Range(0, 5) from b in Enumerable.Range(0, a) where a != i % 5 && b != i % 5 select (RowNorm(a) + RowNorm(b)) / 2;
            Assert.Contains(pairs, mean => Math.Abs(mean - values.Irrelevant[i]) < FloatRounding * 11);
            seen.Add(Math.Round(values.Irrelevant[i], 3));
        }
        Assert.True(seen.Count >= 6, $"{seen.Count} different means");
        int[] backwards = [.. rows.Reverse()];
        Assert.Equal(values.Irrelevant.Reverse(), Measure(backwards, 1).Irrelevant);
        Assert.NotEqual(values.Irrelevant, Measure(rows, 2).Irrelevant);
    }

    /// <summary>
    /// Every entry of every logit's gradient by central differences of 1e-6 in float64: rounding 1e-16 / 1e-6 = 1e-10 of logits near 1, so that norms agree to 1e-7 of the largest.
    /// </summary>
    [Theory]
    [InlineData("cnn-s")]
    [InlineData("resnet20")]
    public void NormsAreThoseOfDifferences(string architecture)
    {
        using var model = Formula.Double(architecture, Tiny.Grey(3));
        using var frozen = new FrozenWeights(model);
        var images = Formula.Values(1, 2, 1, 8, 8);
        var classes = tensor(new long[,] { { 1, 0, 2 }, { 0, 2, 1 } });
        var (squared, logits) = LogitSensitivity.Of(model, images, classes, TensorKernels.Operators);
        Tiny.Near(Tiny.Numbers(model.call(images)), logits, 1e-12);

        var expected = new double[6];
        for (var n = 0; n < 2; n++)
        {
            for (var m = 0; m < 3; m++)
            {
                var (row, logit) = (n, classes[n, m].ToInt64());
                for (var pixel = 0; pixel < 64; pixel++)
                {
                    var slope = Differences.At(images, row * 64 + pixel, 1e-6, () => model.call(images)[row, logit].ToDouble());
                    expected[n * 3 + m] += slope * slope;
                }
            }
        }
        Tiny.Near(expected, squared, 1e-7 * expected.Max());

        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        foreach (var stacks in (bool[])[false, true])
        {
            network.StacksSeeds = stacks;
            var (compiled, itsLogits) = LogitSensitivity.Of(network, images, classes, TensorKernels.Native);
            Tiny.Near(Tiny.Numbers(logits), itsLogits, 1e-12);
            Tiny.Near(expected, compiled, 1e-7 * expected.Max());
        }
    }

    /// <summary>What is measured with a vector is what is measured on images that have it added already.</summary>
    [Fact]
    public void AForgetVectorIsAddedToTheImages()
    {
        using var model = Tiny.Trained();
        var set = Tiny.Bands(12);
        int[] rows = [4, 0, 17];
        var delta = (Formula.Values(3, 1, 8, 8) - 0.5).to(ScalarType.Float32);
        var values = new SensitivityMeter(model, delta, CPU, new DrawSource(1), 9).Of(set, rows, Cancel);
        using var frozen = new FrozenWeights(model);
        using var batch = new BatchSource(set, rows, CPU).All();
        var (squared, _) = LogitSensitivity.Of(model, batch.Images + delta, batch.Labels.unsqueeze(1), TensorKernels.Operators);
        Tiny.Near([.. values.Target.Select(norm => norm * norm)], squared.flatten(), 1e-5);

        var plain = new SensitivityMeter(model, null, CPU, new DrawSource(1), 9).Of(set, rows, Cancel);
        Assert.NotEqual(plain.Target, values.Target);
        Assert.Equal(new Predictor(model, delta, CPU).Of(set, rows, Cancel).Predicted, values.Predicted);
    }

    [Fact]
    public void MeasuringChangesNothing()
    {
        using var model = Tiny.Trained();
        model.train();
        var before = Tiny.Fingerprint(model);
        new SensitivityMeter(model, null, CPU, new DrawSource(1), 1).Of(Tiny.Bands(12), [1, 2, 3], Cancel);
        Assert.Equal(before, Tiny.Fingerprint(model));
    }

    private static double RowNorm(int row) => 2 * row + 3;

    private static LinearClassifier Linear(int classes) => Linear([.. Enumerable.Range(0, classes).Select(RowNorm)]);

    /// <summary>W with rows of these norms, of 64 weights of equal size and differing signs.</summary>
    internal static LinearClassifier Linear(double[] norms)
    {
        var weights = new double[norms.Length, 64];
        for (var k = 0; k < norms.Length; k++)
        {
            for (var i = 0; i < 64; i++) weights[k, i] = ((i * 7 + k) % 3 == 0 ? -1 : 1) * norms[k] / 8;
        }
        var model = new LinearClassifier(weights, 1, 8, 8);
        model.to(ScalarType.Float32);
        return model;
    }

    /// <summary>Images of five classes: row n has the label n mod 5.</summary>
    internal static ImageSet FiveClasses(int count) => new(
        "five", [.. Enumerable.Range(0, count * 64).Select(i => (byte)(i * 31 % 251))], [.. Enumerable.Range(0, count).Select(n => n % 5)], 1, 8, 8, ["a", "b", "c", "d", "e"]);
}
