using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Methods;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using static TorchSharp.torch;

namespace Lacuna.Studies.ULira;

/// <summary>
/// Makes the shadow networks and keeps nothing of them but scaled confidences of the forget images. A pair's original serves all methods.
/// Original and retrained network of a pair have seeds of their own: nothing but the forget images may tell them apart.
/// </summary>
internal sealed class Shadows(StudyContext context, int pairs, CancellationToken cancellation)
{
    private readonly IUnlearningMethod[] _methods = [.. context.Methods.Where(method => method.Name != ResultTable.Oracle)];

    /// <summary>[pair][image] of the networks that never saw the images.</summary>
    public double[][] Unseen { get; } = new double[pairs][];

    /// <summary>[pair][image] of each method's networks, and of the originals; in the order of the methods behind the original.</summary>
    public Dictionary<string, double[][]> Seen { get; } = [];

    /// <summary>Methods that diverged on a shadow, with what they said.</summary>
    public Dictionary<string, string> Failed { get; } = [];

    public void Make()
    {
        foreach (var name in _methods.Select(method => method.Name).Prepend(Subject.Original)) Seen.Add(name, new double[pairs][]);
        for (var pair = 0; pair < pairs; pair++)
        {
            using var scope = NewDisposeScope();
            MakePair(pair);
        }
        foreach (var name in Failed.Keys) Seen.Remove(name);
    }

    private void MakePair(int pair)
    {
        var subject = context.Original.Model;
        var draws = new DrawSource(context.Draws.DeriveSeed(DrawPurpose.ShadowOriginal, pair));
        using var original = ModelZoo.Create(subject.Architecture, subject.Options, draws.Seed);
        original.to(context.Compute.Device);
        Trainer.Train(original, context.Train, [.. Enumerable.Range(0, context.Train.Count)], context.Recipe, draws, context.Compute, Stage("original", pair), cancellation);
        Seen[Subject.Original][pair] = Confidences(original, null);

        var otherDraws = new DrawSource(context.Draws.DeriveSeed(DrawPurpose.ShadowRetrained, pair));
        using (var outcome = new RetrainMethod(context.Recipe).Run(original, Task(otherDraws, ResultTable.Oracle, pair), cancellation))
            Unseen[pair] = Confidences(outcome.Model, null);

        foreach (var method in _methods.Where(method => !Failed.ContainsKey(method.Name)))
        {
            try
            {
                using var outcome = method.Run(original, Task(draws, method.Name, pair), cancellation);
                Seen[method.Name][pair] = Confidences(outcome.Model, outcome.ForgetVector);
            }
            catch (DivergedException e)
            {
                Failed.Add(method.Name, e.Message);
            }
        }
    }

    private UnlearningTask Task(DrawSource draws, string name, int pair) => new(context.Train, context.Split, draws, context.Compute, Stage(name, pair));

    private double[] Confidences(Classifier model, Tensor? forgetVector) =>
        ScaledConfidence.Of(new Predictor(model, forgetVector, context.Compute).Of(context.Train, context.Split.Forget, cancellation));

    private Relay Stage(string name, int pair) => new($"shadow {pair + 1} of {pairs}: {name}", context.Progress);

    // Not Progress<T>: that one reports from another thread, and late.
    private sealed class Relay(string stage, IProgress<RunProgress> target) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => target.Report(new(stage, value.Done, value.Total, value.Message, value.Images));
    }
}
