using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks;

/// <summary>
/// What evaluating resnet20 with every metric of a single model costs against the bare forward passes it needs: 1,000 images to forget, 4,000 to retain, 5,000 of the test set,
/// and the random network of ZRF on the forget images, which is a forward pass on both sides. The ratio is to be at most 1.3.
/// </summary>
/// <remarks>
/// Both sides of a round run one right after the other, in turn the one and the other first, and the ratio is taken within the round: a machine whose load changes over
/// minutes, as it would between two benchmarks measured one after the other, changes both alike. The network is a trained one, whose confidences crowd near 1: the attacks' cost
/// depends on that.
/// </remarks>
internal sealed class EvaluationRatio : IDisposable
{
    private const int Forget = 1000, Rounds = 7, Side = 32, Batch = 500;

    private readonly Compute compute = CPU;
    private readonly DrawSource draws = new(1);
    private readonly ImageSet train, test;
    private readonly ForgetSplit split;
    private readonly Classifier model, random;
    private readonly SplitPredictions oracle;

    private EvaluationRatio(ImageSet train, ImageSet test, string? checkpoint)
    {
        (this.train, this.test) = (First(train, 5000), First(test, 5000));
        split = new("random:1000", 1, this.train.Name, this.train.ContentHash, this.train.Count, [.. Enumerable.Range(0, Forget).Select(k => 5 * k)], ForgottenClasses.None);
        var options = ModelZoo.Cifar;
        model = checkpoint is null ? ModelZoo.Create("resnet20", options, seed: 1) : ModelFile.Load(checkpoint, "resnet20", options, Console.WriteLine);
        random = ModelZoo.Create("resnet20", options, seed: 2);
        if (checkpoint is null)
        {
            Console.WriteLine("Training resnet20 on the bundled images, two epochs.");
            Trainer.Train(model, this.train, [.. Enumerable.Range(0, this.train.Count)], new() { Epochs = 2 }, draws, compute, new Progress<MethodProgress>(), default);
        }
        oracle = Evaluator().Predict(random);
    }

    /// <summary>Prints every round, the parts and the median ratio.</summary>
    /// <param name="arguments">None for the bundled images; or a checkpoint of resnet20 and a folder of CIFAR-10.</param>
    public static void Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments.Length is not (0 or 2)) throw new ArgumentException("Give nothing, or a checkpoint of resnet20 and a folder of CIFAR-10.");
        var (train, test) = arguments.Length == 0
            ? (Tiled(BundledData.FashionMnist(DataSplit.Train)), Tiled(BundledData.FashionMnist(DataSplit.Test)))
            : DataSets.Open(new(arguments[1])) is var data ? (data.Train, data.Test) : default;
        using var ratio = new EvaluationRatio(train, test, arguments.FirstOrDefault());
        ratio.Measure();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        model.Dispose();
        random.Dispose();
    }

    private void Measure()
    {
        var said = Evaluator().Predict(model);
        var ofRandom = Evaluator().OfRandomNetwork(model);
        Console.WriteLine($"{train.Count + test.Count} images; accuracy {said.Retain.AccuracyPercent:F1} % on retain, {said.Test.AccuracyPercent:F1} % on test images");
        Console.WriteLine("round   forward passes s   whole s   metrics alone s   ratio");
        List<double> ratios = [];
        for (var round = -1; round < Rounds; round++)
        {
            double passes = 0, whole = 0;
            if (round % 2 == 0) passes = Seconds(ForwardPasses);
            whole = Seconds(() => JsonSerializer.SerializeToUtf8Bytes(Evaluator().Measure(model, null, oracle, CancellationToken.None), RunJson.Options));
            if (round % 2 != 0) passes = Seconds(ForwardPasses);
            var metrics = Seconds(() => JsonSerializer.SerializeToUtf8Bytes(Evaluator().Measure(said, ofRandom, oracle), RunJson.Options));
            if (round < 0) continue; // the first compiles
            ratios.Add(whole / passes);
            Console.WriteLine($"{round,5}   {passes,16:F2}   {whole,7:F2}   {metrics,15:F2}   {whole / passes,5:F3}");
        }
        ratios.Sort();
        Console.WriteLine($"median ratio {ratios[Rounds / 2]:F3}, from {ratios[0]:F3} to {ratios[^1]:F3}");
    }

    /// <summary>A new one each time: it keeps what the random network says.</summary>
    private MetricsEvaluator Evaluator() => new(train, test, split, draws, compute);

    /// <summary>Batches and logits, nothing kept.</summary>
    private void ForwardPasses()
    {
        Pass(model, train, split.Forget);
        Pass(model, train, split.Retain);
        Pass(model, test, [.. Enumerable.Range(0, test.Count)]);
        Pass(random, train, split.Forget);
    }

    private void Pass(Classifier network, ImageSet set, ReadOnlySpan<int> rows)
    {
        // The passes that evaluation makes, compiled where it compiles them: against slower ones every evaluation would look cheap.
        using var passes = new InputPasses(network, compute.Kernels);
        using var _ = no_grad();
        foreach (var batch in new BatchSource(set, rows, compute, channelsLast: network.PrefersChannelsLast).InOrder(Batch))
        {
            using var scope = NewDisposeScope();
            using (batch) passes.Logits(batch.Images).Dispose();
        }
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static ImageSet First(ImageSet set, int count) => set.Select([.. Enumerable.Range(0, Math.Min(count, set.Count))]);

    /// <summary>Grey 28x28 in the middle of 32x32, three times.</summary>
    private static ImageSet Tiled(ImageSet set)
    {
        var pixels = new byte[set.Count * 3 * Side * Side];
        var margin = (Side - set.Height) / 2;
        for (var i = 0; i < set.Count * 3; i++)
        {
            for (var y = 0; y < set.Height; y++)
                set.Image(i / 3).Slice(y * set.Width, set.Width).CopyTo(pixels.AsSpan((((i * Side) + margin + y) * Side) + margin));
        }
        return new(set.Name, pixels, set.Labels.ToArray(), 3, Side, Side, set.ClassNames);
    }
}
