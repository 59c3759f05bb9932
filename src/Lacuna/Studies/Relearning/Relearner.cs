using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu.Optimisers;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Studies.Relearning;

/// <summary>Trains a copy of a subject on the forget images, the same ones in the same order for every subject, and watches their accuracy.</summary>
internal sealed class Relearner
{
    // Steps of the order's stream: epochs of forget images, then those of retain images, then the measured ones.
    private const int RetainEpochs = 1 << 24, MeasuredStep = 1 << 25;

    private readonly RelearningOptions _options;
    private readonly StudyContext _context;
    private readonly int _stepImages;
    private readonly int[] _rows;
    private readonly int[] _measured;

    public Relearner(RelearningOptions options, StudyContext context)
    {
        (_options, _context) = (options, context);
        int forget = Math.Min(options.BatchSize, context.Split.Forget.Length), retain = Math.Min(options.RetainImages, context.Split.Retain.Length);
        _stepImages = forget + retain;
        _rows = [.. Enumerable.Range(0, options.MaxSteps).SelectMany(step => (int[])[.. Part(context.Split.Forget.ToArray(), forget, step, 0), .. Part(context.Split.Retain.ToArray(), retain, step, RetainEpochs)])];
        var all = context.Split.Forget.ToArray();
        _measured = [.. context.Draws.Choose(Math.Min(options.MeasuredImages, all.Length), all.Length, DrawPurpose.RelearningOrder, MeasuredStep).Select(place => all[place])];
    }

    /// <summary>Images a step trains on.</summary>
    public int StepImages => _stepImages;

    /// <summary>Forget images on which accuracy is measured.</summary>
    public int MeasuredImages => _measured.Length;

    /// <summary>Accuracy on the measured forget images, in percent.</summary>
    public double Accuracy(Classifier model, Tensor? vector, CancellationToken cancellation) =>
        new Predictor(model, vector, _context.Compute).Of(_context.Train, _measured, cancellation).AccuracyPercent;

    /// <summary>Until the accuracy reaches the target, or the cap.</summary>
    public RelearningCurve Run(Subject subject, double target, CancellationToken cancellation)
    {
        using var model = ModelZoo.Clone(subject.Model);
        using var weights = new TrainedWeights(model, channelsLast: false);
        using var optimiser = new FusedSgd(_context.Compute.Kernels, weights.Plains, _options.Momentum);
        var curve = new List<double> { Accuracy(model, subject.ForgetVector, cancellation) };
        if (curve[0] >= target) return new(subject.Name, curve, 0);
        foreach (var batch in new BatchSource(_context.Train, _rows, _context.Compute).InOrder(_stepImages))
        {
            cancellation.ThrowIfCancellationRequested();
            using (batch)
            {
                Step(model, subject.ForgetVector, batch, weights, optimiser, curve.Count);
            }
            curve.Add(Accuracy(model, subject.ForgetVector, cancellation));
            if (curve[^1] >= target) return new(subject.Name, curve, curve.Count - 1);
        }
        return new(subject.Name, curve, null);
    }

    private void Step(Classifier model, Tensor? vector, Batch batch, TrainedWeights weights, FusedSgd optimiser, int step)
    {
        using var scope = NewDisposeScope();
        model.train();
        model.SeedDropout(_context.Draws.DeriveSeed(DrawPurpose.RelearningOrder, step));
        var images = vector is null ? batch.Images : _context.Compute.Kernels.ApplyForgetVector(batch.Images, vector);
        var loss = nn.functional.cross_entropy(model.call(images), batch.Labels);
        optimiser.Step(weights.Gradients(loss), _options.LearningRate);
        model.eval();
    }

    /// <summary>The images of a step from epochs that follow each other without a gap, so that every step has as many.</summary>
    private IEnumerable<int> Part(int[] from, int count, int step, int epochs)
    {
        for (var i = (long)step * count; i < (long)(step + 1) * count; i++) yield return from[Order(from.Length, epochs + (int)(i / from.Length))[i % from.Length]];
    }

    private readonly Dictionary<int, int[]> _orders = [];

    private int[] Order(int count, int epoch) =>
        _orders.TryGetValue(epoch, out var known) ? known : _orders[epoch] = _context.Draws.Permutation(count, DrawPurpose.RelearningOrder, epoch);
}
