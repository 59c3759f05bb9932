using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>What every method owes its caller.</summary>
public sealed class EveryMethodTests
{
    private static readonly int[] forget = [1, 4, 7, 10];

    private static readonly IUnlearningMethod[] methods =
    [
        new MuMisMethod(new() { MaxSteps = 4, BatchSize = 2 }),
        new ForgetVectorMethod(new() { Epochs = 2, BatchSize = 16 }),
        new InstanceWiseMethod(new() { AdversarialImages = 2, Attack = new(1, 0.2, 2), LearningRate = 0.02, MaxPasses = 3 }),
        new InstanceWiseMethod(new() { AdversarialImages = 0, Lambda = 0, LearningRate = 1e-4, MaxPasses = 3 }),
        new FineTuneMethod(Recipe with { Epochs = 2 }),
        new RetrainMethod(Recipe with { Epochs = 2 }),
    ];

    public static TheoryData<string> Names => [.. methods.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void LeavesTheOriginalAloneAndRepeatsItself(string name)
    {
        using var scope = NewDisposeScope();
        using var original = Trained();
        original.train();
        var before = Fingerprint(original);
        var log = new Log();
        using var outcome = Method(name).Run(original, Task(forget, log), TestContext.Current.CancellationToken);

        Assert.Equal(before, Fingerprint(original));
        Assert.NotEmpty(log.Reports);
        Assert.All(log.Reports, report => Assert.InRange(report.Done, 1, report.Total));
        Assert.True(outcome.Steps > 0);
        Assert.All(outcome.Trace.Values, series => Assert.All(series, value => Assert.True(double.IsFinite(value))));
        using (no_grad())
        {
            foreach (var (_, value) in outcome.Model.state_dict()) value.zero_();
        }
        Assert.Equal(before, Fingerprint(original));

        using var once = Method(name).Run(original, Task(forget), TestContext.Current.CancellationToken);
        using var again = Method(name).Run(original, Task(forget), TestContext.Current.CancellationToken);
        Assert.Equal(Fingerprint(once.Model), Fingerprint(again.Model));
        Assert.Equal(once.Trace["loss"], again.Trace["loss"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CanBeCancelledBeforeAndOnTheWay(string name)
    {
        using var scope = NewDisposeScope();
        using var original = Trained();
        var before = Fingerprint(original);
        Assert.Throws<OperationCanceledException>(() => Method(name).Run(original, Task(forget), new(canceled: true)));

        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Method(name).Run(original, Task(forget, new Log(source.Cancel)), source.Token));
        Assert.Equal(before, Fingerprint(original));
    }

    private static IUnlearningMethod Method(string name) => methods.Single(m => m.Name == name);
}
