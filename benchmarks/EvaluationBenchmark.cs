using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks;

/// <summary>
/// Evaluation of resnet20 on 10,000 images (1,000 to forget, 5,000 to retain, 4,000 of the test set) with every metric of a single model, and each of its parts, against the bare
/// forward passes over the same images; the column Ratio is to be at most 1.3 for <see cref="Whole"/>. Members and non-members come from one distribution, which is the hardest
/// case for the attacks. Each part runs in turn in one process, so that a busy machine hits all of them.
/// </summary>
[InProcess]
public class EvaluationBenchmark
{
    private const int Forget = 1000, Retain = 5000, Tested = 4000, Classes = 10, Side = 32, BatchSize = 500;

    private readonly Compute compute = CPU;
    private ImageSet train = null!, test = null!;
    private Classifier model = null!;
    private MetricsEvaluator evaluator = null!;
    private SplitPredictions said = null!, oracle = null!;
    private ModelMeasurement measured = null!;

    [GlobalSetup]
    public void Draw()
    {
        (train, test) = (Set(Forget + Retain, 1), Set(Tested, 2));
        ForgetSplit split = new("random:1000", 1, train.Name, train.ContentHash, train.Count, [.. Enumerable.Range(0, Forget)], ForgottenClasses.None);
        model = ModelZoo.Create("resnet20", ModelZoo.Cifar, seed: 1);
        evaluator = new(train, test, split, new DrawSource(1), compute);
        (said, measured) = evaluator.PredictAndMeasure(model, null, null, CancellationToken.None);
        oracle = said;
    }

    [GlobalCleanup]
    public void Dispose() => model.Dispose();

    /// <summary>Batches and logits, nothing kept.</summary>
    [Benchmark(Baseline = true)]
    public void ForwardPasses()
    {
        using var frozen = new FrozenWeights(model);
        using var _ = no_grad();
        foreach (var (set, count) in new[] { (train, Forget + Retain), (test, Tested) })
        {
            foreach (var batch in new BatchSource(set, Enumerable.Range(0, count).ToArray(), compute, channelsLast: model.PrefersChannelsLast).InOrder(BatchSize))
            {
                using var scope = NewDisposeScope();
                using (batch) model.call(batch.Images);
            }
        }
    }

    /// <summary>The same with everything kept that metrics need.</summary>
    [Benchmark]
    public SplitPredictions Predictions() => evaluator.Predict(model);

    /// <summary>All metrics of outputs that are at hand, the distance to an oracle among them.</summary>
    [Benchmark]
    public ModelMeasurement Metrics() => evaluator.Measure(said, evaluator.OfRandomNetwork(model), oracle);

    /// <summary>What a run directory gets.</summary>
    [Benchmark]
    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(measured, RunJson.Options);

    /// <summary>From the model to the record as JSON; the random network of ZRF ran before, once for all models.</summary>
    [Benchmark]
    public byte[] Whole() => JsonSerializer.SerializeToUtf8Bytes(evaluator.Measure(model, null, oracle, CancellationToken.None), RunJson.Options);

    private static ImageSet Set(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * 3 * Side * Side];
        random.NextBytes(pixels);
        return new("noise", pixels, [.. Enumerable.Range(0, count).Select(_ => random.Next(Classes))], 3, Side, Side, [.. Enumerable.Range(0, Classes).Select(k => $"{k}")]);
    }
}
