using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks.Steps;

/// <summary>
/// What every side works with: a network, the bundled images as 32x32 in three channels, and everything that would be drawn at random. Written to two files for a side in another process.
/// </summary>
internal sealed class Setting : IDisposable
{
    private const int Side = 32;
    private const int TrainingImages = 512;
    private const int OtherImages = 8;

    /// <summary>Inputs with a row an image of the batch.</summary>
    private static readonly string[] OfBatch = ["images", "labels", "is_forget", "irrelevant", "targets", "start"];

    private readonly Dictionary<string, Tensor> _inputs = [];

    private readonly bool _isPart;

    /// <param name="model">Owned from here on, and put into eval mode.</param>
    /// <param name="options">How much there is to do.</param>
    /// <param name="compute">The network's device, and what works there.</param>
    public Setting(Classifier model, SettingOptions options, Compute compute)
    {
        (Model, Options, Compute) = (model, options, compute);
        Model.eval();
        var draws = Draws;
        var bundled = BundledData.FashionMnist(DataSplit.Train);
        if (options.Batch + options.Instances + OtherImages > bundled.Count) throw new ArgumentException($"There are {bundled.Count} images; the batch and the instances ask for more.");
        BatchSet = Widened(bundled, 0, options.Batch, null);
        using var scope = NewDisposeScope();
        using var batch = new BatchSource(BatchSet, AllOf(BatchSet), compute).All();
        var classes = Model.Options.Classes;
        Tensor Drawn(DrawPurpose purpose) => (batch.Labels + 1 + tensor(Enumerable.Range(0, options.Batch).Select(row => (long)draws.Below(classes - 1, purpose, 0, row)).ToArray()).to(compute.Device)).remainder(classes);
        Keep("images", batch.Images.clone());
        Keep("labels", batch.Labels.clone());
        Keep("is_forget", batch.Labels.eq(0).to(ScalarType.Byte));
        Keep("irrelevant", Drawn(DrawPurpose.IrrelevantClass));
        Keep("targets", Drawn(DrawPurpose.AttackTarget));
        Keep("start", Instance.Attack.RandomStart(batch.Images, draws, 0, compute.Kernels));
        TakeInstances(bundled);
    }

    private Setting(Setting whole, SettingOptions options)
    {
        if (options.Batch > whole.Options.Batch || options.Attacks > whole.Options.Attacks || options.Instances != whole.Options.Instances) throw new ArgumentException("A part has no more than the whole.", nameof(options));
        (_isPart, Model, Options, Compute, Task) = (true, whole.Model, options, whole.Compute, whole.Task);
        BatchSet = whole.BatchSet.Select([.. Enumerable.Range(0, options.Batch)]);
        foreach (var (name, tensor) in whole._inputs) _inputs[name] = tensor.narrow(0, 0, OfBatch.Contains(name) ? options.Batch : tensor.size(0));
    }

    /// <summary>A network of the given make after a few steps of training, so that its statistics and logits are alive.</summary>
    public static Classifier Trained(string architecture, Compute compute)
    {
        var bundled = BundledData.FashionMnist(DataSplit.Train);
        var model = ModelZoo.Create(architecture, ModelZoo.Cifar, seed: 1);
        model.to(compute.Device);
        var training = Widened(bundled, 0, Math.Min(TrainingImages, bundled.Count), null);
        Trainer.Train(model, training, AllOf(training), new() { Epochs = 1, BatchSize = 64, LearningRate = 0.05 }, new DrawSource(1), compute, new Nobody(), CancellationToken.None);
        return model;
    }

    /// <summary>The same with less to do: the first images of the batch, the first attacks on the same instances. Shares this one's memory, which must live longer.</summary>
    public Setting Part(SettingOptions options) => new(this, options);

    public SettingOptions Options { get; }

    public Compute Compute { get; }

    public DrawSource Draws { get; } = new(1);

    /// <summary>In eval mode; steps that change it work on a copy.</summary>
    public Classifier Model { get; }

    /// <summary>The batch's images.</summary>
    public ImageSet BatchSet { get; }

    /// <summary>The images to forget one by one, which the network knows, and some others.</summary>
    public UnlearningTask Task { get; private set; } = null!;

    /// <summary>The method's own options; batch norm keeps its running statistics.</summary>
    public InstanceWiseOptions Instance => new()
    {
        AdversarialImages = Options.Attacks, Attack = new(4, 0.1, Options.AttackSteps), MaxPasses = Options.MaxPasses,
    };

    /// <summary>A tensor that both sides are given.</summary>
    public Tensor this[string name] => _inputs[name];

    /// <summary>Writes the network and the tensors.</summary>
    public void Write(string weights, string inputs)
    {
        ModelFile.Save(Model, weights);
        SafetensorsFile.Write(inputs, [.. _inputs.Select(input => CheckpointTensors.FromTensor(input.Key, input.Value))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isPart) Model.Dispose();
        foreach (var input in _inputs.Values) input.Dispose();
    }

    // As AdversarialSet.Make goes through them.
    private void TakeInstances(ImageSet bundled)
    {
        var first = Options.Batch;
        var set = Widened(bundled, first, Options.Instances + OtherImages, null);
        using (var all = new BatchSource(set, AllOf(set), Compute).All())
        using (var passes = new InputPasses(Model, Compute.Kernels))
            set = Widened(bundled, first, set.Count, passes.Logits(all.Images).argmax(1).cpu().data<long>().ToArray());
        var split = ForgetSetSpec.Parse($"random:{Options.Instances}").Split(set, Draws);
        Task = new(set, split, Draws, Compute, new Nobody());
        using var forget = new BatchSource(set, split.Forget, Compute).All();
        Keep("forget_images", forget.Images.clone());
        Keep("forget_labels", forget.Labels.clone());
        var rows = split.Forget.ToArray();
        var classes = Model.Options.Classes;
        var pairs = Enumerable.Range(0, rows.Length * Options.Attacks).Select(i => rows[i % rows.Length]).ToArray();
        var targets = pairs.Select((row, i) => (long)((set.Labels.Span[row] + 1 + Draws.Below(classes - 1, DrawPurpose.AttackTarget, 0, i)) % classes)).ToArray();
        using var attacked = new BatchSource(set, pairs, Compute).All();
        Keep("attacked", attacked.Images.clone());
        Keep("attack_targets", tensor(targets).to(Compute.Device));
        Keep("attack_start", Instance.Attack.RandomStart(attacked.Images, Draws, 0, Compute.Kernels));
    }

    private void Keep(string name, Tensor tensor) => _inputs[name] = tensor.contiguous().DetachFromDisposeScope();

    /// <summary>Some images with a black border, three times the same channel; with other labels where some are given.</summary>
    private static ImageSet Widened(ImageSet source, int first, int count, long[]? labels)
    {
        var pixels = new byte[count * 3 * Side * Side];
        var (top, left) = ((Side - source.Height) / 2, (Side - source.Width) / 2);
        for (var i = 0; i < count; i++)
        {
            for (var line = 0; line < 3 * source.Height; line++)
            {
                var (channel, y) = (line / source.Height, line % source.Height);
                source.Image(first + i).Slice(y * source.Width, source.Width).CopyTo(pixels.AsSpan(((i * 3 + channel) * Side + top + y) * Side + left));
            }
        }
        return new("fashion-mnist-6k as 3x32x32", pixels, [.. Enumerable.Range(0, count).Select(i => labels is null ? source.Labels.Span[first + i] : (int)labels[i])], 3, Side, Side, source.ClassNames);
    }

    private static int[] AllOf(ImageSet set) => [.. Enumerable.Range(0, set.Count)];

    internal sealed class Nobody : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value)
        {
            // Nobody watches a measurement.
        }
    }
}
