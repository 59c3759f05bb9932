using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Tests.Gpu;
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
        new CompositionMethod(new() { Epochs = 2, BatchSize = 16, Start = CompositionStart.Normal }, [Waves(1), Waves(2)]),
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
        Assert.All(log.Reports, report => Assert.InRange(report.Done, 0, report.Total));
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

    public static MatrixTheoryData<string, string> NamesAndWays => new([.. methods.Select(m => m.Name)], [.. Ways.All.Where(way => way != "operators")]);

    [Theory]
    [MemberData(nameof(NamesAndWays))]
    public void KernelsAndOperatorsLeadToTheSame(string name, string way)
    {
        using var scope = NewDisposeScope();
        using var original = Trained();
        using var native = Method(name).Run(original, Task(forget) with { Compute = new(CPU, Ways.Of(way)) }, TestContext.Current.CancellationToken);
        using var operators = Method(name).Run(original, Task(forget) with { Compute = new(CPU, TensorKernels.Operators) }, TestContext.Current.CancellationToken);
        Assert.Equal(operators.Steps, native.Steps);
        // A few steps of float32 sums in another order; a step left out or done twice moves weights by a hundredth.
        foreach (var (expected, actual) in operators.Trace["loss"].Zip(native.Trace["loss"])) Assert.Equal(expected, actual, 1e-4 * Math.Max(1, Math.Abs(expected)));
        foreach (var ((key, expected), (_, actual)) in operators.Model.state_dict().Zip(native.Model.state_dict()))
            Assert.True((expected - actual).to(float64).abs().max().ToDouble() <= 1e-4, key);
        Assert.Equal(operators.ForgetVector is null, native.ForgetVector is null);
        if (operators.ForgetVector is not null) Near(Numbers(operators.ForgetVector), native.ForgetVector!, 1e-4);
    }

    private static StoredForgetVector Waves(int k)
    {
        using var model = Trained();
        using var delta = tensor(Enumerable.Range(0, 64).Select(i => MathF.Sin(k * i)).ToArray(), [1, 8, 8]) * 0.1;
        return StoredForgetVector.Of($"waves {k}", delta, model);
    }

    private static IUnlearningMethod Method(string name) => methods.Single(m => m.Name == name);
}
