using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Steps of the fused optimisers beside those of torch.optim, over several steps with a changing learning rate, by all three ways.</summary>
public sealed class FusedOptimiserTests : IDisposable
{
    private const int Steps = 4;
    private static readonly long[][] shapes = [[3, 2, 5], [0], [1], [67]];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private sealed record Kind(Func<TensorKernels, Tensor[], PullTowards?, Tensor[]?, FusedOptimiser> Fused, Func<TorchSharp.Modules.Parameter[], optim.Optimizer> Torch);

    private static readonly Dictionary<string, Kind> kinds = new()
    {
        ["sgd"] = new((k, p, pull, masks) => new FusedSgd(k, p, pull: pull, masks: masks), p => optim.SGD(p, 0.1)),
        ["sgd with momentum"] = new((k, p, pull, masks) => new FusedSgd(k, p, 0.9, weightDecay: 0.05, pull: pull, masks: masks), p => optim.SGD(p, 0.1, 0.9, weight_decay: 0.05)),
        ["dampened sgd"] = new((k, p, pull, masks) => new FusedSgd(k, p, 0.8, dampening: 0.3, pull: pull, masks: masks), p => optim.SGD(p, 0.1, 0.8, dampening: 0.3)),
        ["nesterov"] = new((k, p, pull, masks) => new FusedSgd(k, p, 0.9, weightDecay: 0.05, nesterov: true, pull: pull, masks: masks), p => optim.SGD(p, 0.1, 0.9, weight_decay: 0.05, nesterov: true)),
        ["adam"] = new((k, p, pull, masks) => new FusedAdam(k, p, 0.8, 0.95, 1e-3, 0.2, pull: pull, masks: masks), p => optim.Adam(p, 0.1, 0.8, 0.95, 1e-3, weight_decay: 0.2)),
        ["adamw"] = new((k, p, pull, masks) => new FusedAdam(k, p, weightDecay: 0.2, decoupled: true, pull: pull, masks: masks), p => optim.AdamW(p, 0.1, weight_decay: 0.2)),
    };

    public static MatrixTheoryData<string, string, string> Cases => new([.. kinds.Keys], Ways.All, ["float32", "float64", "slice"]);

    public static MatrixTheoryData<string, string> Kinds => new([.. kinds.Keys], Ways.All);

    private static Tensor[] Given(string kind, int k) => [.. shapes.Select((shape, i) => TensorKernelsTests.Given(kind, k + i, shape))];

    private static Tensor[] Gradients(string kind, int step) => [.. Given(kind, 40 + 7 * step).Select(g => g - 0.5)];

    private static double Rate(int step) => 0.1 / (1 + step);

    /// <summary>What torch.optim makes of the same weights; the pull's gradient is added as operators do.</summary>
    private static double[][] ByTorch(string name, string kind, PullTowards? pull, List<double>? values = null)
    {
        TorchSharp.Modules.Parameter[] parameters = [.. Given(kind, 1).Select(p => new TorchSharp.Modules.Parameter(p.clone()))];
        using var optimiser = kinds[name].Torch(parameters);
        for (var step = 0; step < Steps; step++)
        {
            using var _ = no_grad();
            var gradients = Gradients(kind, step);
            var value = 0.0;
            for (var i = 0; i < parameters.Length; i++)
            {
                if (pull is not null)
                {
                    var moved = parameters[i] - pull.Start[i];
                    gradients[i].add_(pull.Hold[i] * moved, alpha: pull.Lambda);
                    value += pull.Lambda / 2 * (pull.Hold[i] * moved * moved).sum().ToDouble();
                }
                parameters[i].grad = gradients[i];
            }
            values?.Add(value);
            foreach (var group in optimiser.ParamGroups) group.LearningRate = Rate(step);
            optimiser.step();
        }
        return [.. parameters.Select(p => Numbers(p))];
    }

    private static PullTowards PullOf(string kind) => new(Given(kind, 21), Given(kind, 31), 0.7);

    // A few roundings of numbers below 2 in each of four steps; Adam divides by deviations of about a tenth.
    private static double Tolerance(string kind) => kind == "float64" ? 1e-14 : 4e-6;

    [Theory]
    [MemberData(nameof(Cases))]
    public void StepsAreThoseOfTorch(string name, string way, string kind)
    {
        var parameters = Given(kind, 1);
        using var optimiser = kinds[name].Fused(Ways.Of(way), parameters, null, null);
        for (var step = 0; step < Steps; step++) optimiser.Step(Gradients(kind, step), Rate(step));
        var expected = ByTorch(name, kind, null);
        for (var i = 0; i < parameters.Length; i++) Near(expected[i], parameters[i], Tolerance(kind));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void APullJoinsTheGradientAndIsValuedBeforeTheStep(string name, string way, string kind)
    {
        var parameters = Given(kind, 1);
        using var optimiser = kinds[name].Fused(Ways.Of(way), parameters, PullOf(kind), null);
        var values = new List<double>();
        var expected = ByTorch(name, kind, PullOf(kind), values);
        for (var step = 0; step < Steps; step++)
        {
            var gradients = Gradients(kind, step);
            double[][] before = [.. gradients.Select(Numbers)];
            var value = optimiser.StepAndValuePull(gradients, Rate(step));
            Assert.Equal([1], value.shape);
            Assert.Equal(values[step], value.ToDouble(), kind == "float64" ? 1e-12 : 1e-4);
            Assert.Equal(before, gradients.Select(Numbers));
        }
        for (var i = 0; i < parameters.Length; i++) Near(expected[i], parameters[i], Tolerance(kind));
    }

    /// <summary>Masked weights keep their bits under NaN gradients; the others move as if there were no mask.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void MaskedWeightsStay(string name, string way)
    {
        Tensor[] masks = [.. Given("float32", 61).Select(m => m.gt(0.5).to(float32))];
        var (parameters, free) = (Given("slice", 1), Given("slice", 1));
        double[][] before = [.. parameters.Select(Numbers)];
        using var optimiser = kinds[name].Fused(Ways.Of(way), parameters, PullOf("float32"), masks);
        using var unmasked = kinds[name].Fused(Ways.Of(way), free, PullOf("float32"), null);
        for (var step = 0; step < Steps; step++)
        {
            var gradients = Gradients("float32", step);
            unmasked.Step(gradients, Rate(step));
            optimiser.Step([.. gradients.Select((g, i) => where(masks[i].ne(0), g, full_like(g, float.NaN)))], Rate(step));
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            var (mask, moved) = (Numbers(masks[i]), Numbers(free[i]));
            Assert.Equal([.. mask.Select((m, j) => m == 0 ? before[i][j] : moved[j])], Numbers(parameters[i]));
        }
    }

    /// <summary>A parameter left out of a step stays, and its running values begin when it first gets a gradient, as with torch.optim.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void ParametersWithoutAGradientStay(string name, string way)
    {
        var parameters = Given("float32", 1);
        TorchSharp.Modules.Parameter[] others = [.. Given("float32", 1).Select(p => new TorchSharp.Modules.Parameter(p.clone()))];
        using var optimiser = kinds[name].Fused(Ways.Of(way), parameters, null, null);
        using var torch = kinds[name].Torch(others);
        foreach (var group in torch.ParamGroups) group.LearningRate = 0.05;
        for (var step = 0; step < Steps; step++)
        {
            Tensor?[] gradients = [.. Gradients("float32", step).Select((g, i) => i == 3 && step != 1 && step != 3 || i == 2 && step == 2 ? null : g)];
            optimiser.Step(gradients, 0.05);
            for (var i = 0; i < others.Length; i++) others[i].grad = gradients[i]?.clone();
            torch.step();
        }
        for (var i = 0; i < parameters.Length; i++) Near(Numbers(others[i]), parameters[i], Tolerance("float32"));
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void ParametersOfAModelAreSteppedAlthoughTheyAskForGradients(string way)
    {
        var parameter = new TorchSharp.Modules.Parameter(ones([2, 2]));
        using var optimiser = new FusedSgd(Ways.Of(way), [parameter], momentum: 0.5);
        var gradient = autograd.grad([(parameter * parameter).sum()], [parameter])[0];
        optimiser.Step([gradient], 0.25);
        Near([0.5, 0.5, 0.5, 0.5], parameter, 0);
        Assert.True(parameter.requires_grad);
    }

#if PORTABLE_KERNELS
    [Fact]
    public void AStepIsOneLaunchAndTheValueOneMore()
    {
        var launcher = new SimulatedLauncher();
        var kernels = new TensorKernels(KernelChoice.Native, launcher);
        using var sgd = new FusedSgd(kernels, Given("float32", 1), 0.9, pull: PullOf("float32"));
        sgd.Step(Gradients("float32", 0), 0.1);
        Assert.Equal(["SgdStep.Kernel"], launcher.Launched);
        sgd.StepAndValuePull(Gradients("float32", 0), 0.1);
        Assert.Equal(["SgdStep.Kernel", "SgdStep.Kernel", "WeightPull.ValueKernel"], launcher.Launched);
        using var adam = new FusedAdam(kernels, Given("float32", 1));
        adam.Step(Gradients("float32", 0), 0.1);
        Assert.Equal("AdamStep.Kernel", launcher.Launched[^1]);
    }
#endif

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void EmptyParametersAreFine(string way)
    {
        using var optimiser = new FusedAdam(Ways.Of(way), [zeros(0)], pull: new([zeros(0)], [zeros(0)], 1));
        Assert.Equal(0, optimiser.StepAndValuePull([zeros(0)], 0.1).ToDouble());
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        Assert.Contains("no parameter", Refused(() => new FusedSgd(kernels, [])));
        Assert.Contains("'hold[0]' is [3]; it must be [2]", Refused(() => new FusedSgd(kernels, [zeros(2)], pull: new([zeros(2)], [zeros(3)], 1))));
        Assert.Contains("1 'masks' for 2 'parameters'", Refused(() => new FusedAdam(kernels, [zeros(2), zeros(2)], masks: [zeros(2)])));
        Assert.Contains("Nesterov", Refused(() => new FusedSgd(kernels, [zeros(2)], nesterov: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FusedAdam(kernels, [zeros(2)], beta1: 1));
        using var sgd = new FusedSgd(kernels, [zeros(2)], pull: new([zeros(2)], [zeros(2)], 1));
        Assert.Contains("every parameter needs a gradient", Refused(() => sgd.Step([null], 1)));
        Assert.Contains("'gradients[0]' is [3]", Refused(() => sgd.Step([zeros(3)], 1)));
        Assert.Contains("'gradients[0]' is Float64", Refused(() => sgd.Step([zeros(2, dtype: float64)], 1)));
        using var plain = new FusedSgd(kernels, [zeros(2)]);
        Assert.Throws<InvalidOperationException>(() => plain.StepAndValuePull([zeros(2)], 1));
        if (way == "operators") return;
        var memory = zeros(8);
        using var shared = new FusedSgd(kernels, [memory.narrow(0, 0, 5)]);
        Assert.Contains("'gradients[0]' overlaps 'parameters[0]'", Refused(() => shared.Step([memory.narrow(0, 3, 5)], 1)));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
