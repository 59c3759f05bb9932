using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>
/// Importance against closed forms of the last layer's bias b: d||z|| / db = z / ||z|| and d CE / db = softmax(z) - onehot(y).
/// Float64; shares of four and eight images are exact.
/// </summary>
public sealed class WeightImportanceTests : IDisposable
{
    private const double Rounding = 1e-12;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Classifier _model = Formula.Double("cnn-s", Grey(3));
    private readonly Tensor _images = Formula.Values(7, 4, 1, 8, 8);
    private readonly long[] _labels = [0, 2, 1, 1];

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(32)]
    public void PerSampleFormsDoNotDependOnTheBatch(int batchSize)
    {
        var (unit, residual) = Rows();
        Near(Columns(k => unit.Average(u => Math.Abs(u[k]))), Bias(ImportanceKind.MasPerSample, batchSize), Rounding);
        Near(Columns(k => residual.Average(r => r[k] * r[k])), Bias(ImportanceKind.FisherPerSample, batchSize), Rounding);
    }

    /// <summary>
    /// Every batch's mean gradient by itself: one that kept the gradient of the batch before (the published code does) would add
    /// it again. The short last batch of three and one counts by its images.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void BatchFormsTakeEachBatchByItself(int batchSize)
    {
        var (unit, residual) = Rows();
        double OverBatches(double[][] rows, int k, Func<double, double> measure) =>
            rows.Chunk(batchSize).Sum(batch => batch.Length / 4.0 * measure(batch.Average(r => r[k])));

        Near(Columns(k => OverBatches(unit, k, Math.Abs)), Bias(ImportanceKind.MasBatch, batchSize), Rounding);
        Near(Columns(k => OverBatches(residual, k, v => v * v)), Bias(ImportanceKind.FisherBatch, batchSize), Rounding);
    }

    [Theory]
    [InlineData(ImportanceKind.MasPerSample)]
    [InlineData(ImportanceKind.FisherPerSample)]
    public void EveryTensorIsTheMeanOfItsImages(ImportanceKind kind)
    {
        var together = Measure(_images, tensor(_labels), kind, 32);
        var alone = Enumerable.Range(0, 4).Select(n => Measure(_images.narrow(0, n, 1), tensor(_labels[n..(n + 1)]), kind, 32)).ToArray();
        for (var i = 0; i < together.Count; i++)
        {
            var mean = (alone[0][i] + alone[1][i] + alone[2][i] + alone[3][i]) / 4;
            Near(Numbers(mean), together[i], Rounding * Math.Max(1, Numbers(mean).Max()));
            Assert.True(Numbers(mean).Max() > 0);
        }
    }

    [Fact]
    public void MeasuringLeavesTheModelAsItWas()
    {
        _model.train();
        var before = Fingerprint(_model);
        Measure(_images, tensor(_labels), ImportanceKind.MasPerSample, 2);
        Assert.Equal(before, Fingerprint(_model));
        Assert.All(_model.TrainableParameters(), p => Assert.True(p.Value.grad is null || Numbers(p.Value.grad).All(g => g == 0)));
    }

    [Fact]
    public void NoImageIsAnError() =>
        Assert.Contains("at least one image", Assert.Throws<ArgumentException>(
            () => Measure(_images.narrow(0, 0, 0), tensor(Array.Empty<long>()), ImportanceKind.MasPerSample, 2)).Message);

    [Fact]
    public void HoldTurnsImportanceAroundWithinEachTensor()
    {
        var hold = TensorKernels.Native.Hold([tensor(new[] { 1.0, 2, 3 }), tensor(new[] { 0, 8.0, 2 }), tensor(new[] { 5.0, 5 }), tensor(new[] { 0.0 })]);
        Near([1, 0.5, 0], hold[0], 0);
        Near([1, 0, 0.75], hold[1], 0);
        Near([1, 1], hold[2], 0);
        Near([1], hold[3], 0);
    }

    private (double[][] Unit, double[][] Residual) Rows()
    {
        var logits = Numbers(_model.call(_images)).Chunk(3).ToArray();
        return (
            [.. logits.Select(z => z.Select(v => v / Math.Sqrt(z.Sum(w => w * w))).ToArray())],
            [.. logits.Select((z, n) => z.Select((v, k) => Math.Exp(v) / z.Sum(Math.Exp) - (k == _labels[n] ? 1 : 0)).ToArray())]);
    }

    private static double[] Columns(Func<int, double> value) => [.. Enumerable.Range(0, 3).Select(value)];

    private Tensor Bias(ImportanceKind kind, int batchSize) => Measure(_images, tensor(_labels), kind, batchSize)[^1];

    private IReadOnlyList<Tensor> Measure(Tensor images, Tensor labels, ImportanceKind kind, int batchSize) =>
        WeightImportance.Measure(_model, images, labels, kind, TensorKernels.Native, batchSize, TestContext.Current.CancellationToken);
}
