using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;
using Lacuna.Numerics;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class MethodObserverTests
{
    private static readonly int[] forget = [0, 1, 4, 6, 9, 10, 12];

    /// <summary>The look does all that studies do: forward and backward passes. The run does not notice, bit for bit.</summary>
    [Fact]
    public void AWatchedRunIsTheSameRun()
    {
        using var original = Trained();
        var set = Bands(12);
        var method = new MuMisMethod(new() { LearningRate = 1e-4, BatchSize = 3, MaxSteps = 11, Delta = 50 });
        using var alone = method.Run(original, Task(forget), TestContext.Current.CancellationToken);

        var seen = new List<(int Step, string Weights)>();
        var observer = new MethodObserver(4, (step, model) =>
        {
            seen.Add((step, Fingerprint(model)));
            new Predictor(model, null, CPU).Of(set, forget, TestContext.Current.CancellationToken);
            new SensitivityMeter(model, null, CPU, new DrawSource(5), 9).Of(set, forget, TestContext.Current.CancellationToken);
        });
        using var watched = method.Run(original, Task(forget) with { Observer = observer }, TestContext.Current.CancellationToken);

        Assert.Equal(Fingerprint(alone.Model), Fingerprint(watched.Model));
        Assert.Equal(alone.Trace["loss"], watched.Trace["loss"]);
        Assert.Equal((alone.Steps, alone.StopReason), (watched.Steps, watched.StopReason));
        Assert.Equal([0, 4, 8, 11], seen.Select(look => look.Step));
        Assert.Equal(4, seen.Select(look => look.Weights).Distinct().Count());
        using var evaluating = Trained();
        evaluating.eval();
        Assert.Equal(Fingerprint(evaluating), seen[0].Weights);
        Assert.Equal(Fingerprint(watched.Model), seen[^1].Weights);
    }

    /// <summary>The state after n updates is the one a run of n updates leaves.</summary>
    [Fact]
    public void WhatIsSeenAfterAStepIsWhatAShorterRunLeaves()
    {
        using var original = Trained();
        var options = new MuMisOptions { LearningRate = 1e-4, BatchSize = 0, Delta = 50 };
        var seen = new Dictionary<int, string>();
        using var whole = new MuMisMethod(options with { MaxSteps = 4 })
            .Run(original, Task(forget) with { Observer = new MethodObserver(2, (step, model) => seen[step] = Fingerprint(model)) }, TestContext.Current.CancellationToken);
        using var half = new MuMisMethod(options with { MaxSteps = 2 }).Run(original, Task(forget), TestContext.Current.CancellationToken);
        Assert.Equal([0, 2, 4], seen.Keys.Order());
        Assert.Equal(Fingerprint(half.Model), seen[2]);
    }

    [Fact]
    public void AStepIsTheLeastDistance() => Assert.Throws<ArgumentOutOfRangeException>(() => new MethodObserver(0, (_, _) => { }));
}
