using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Tests.Optim;

public sealed class SchedulerTests
{
    [Theory]
    [InlineData("step")]
#if PORTABLE_TENSORS
    // The package counts a milestone once, however often it is given.
    [InlineData("multi_step")]
#endif
    [InlineData("exponential")]
    [InlineData("cosine")]
    [InlineData("lambda")]
    public void RatesArePyTorchs(string name)
    {
        using SGD optimizer = TwoGroups();
        Compare(name, optimizer, [Build(name, optimizer)]);
    }

    [Fact]
    public void SchedulesChain()
    {
        using SGD optimizer = TwoGroups();
        Compare("step_then_cosine", optimizer, [StepLR(optimizer, 3, gamma: 0.5), CosineAnnealingLR(optimizer, 20)]);
    }

    [Theory]
    [InlineData("step")]
#if PORTABLE_TENSORS
    // The package counts a milestone once, however often it is given.
    [InlineData("multi_step")]
#endif
    [InlineData("exponential")]
    [InlineData("cosine")]
    [InlineData("lambda")]
    public void AnEpochCanBeGivenInAnyOrder(string name)
    {
        using SGD optimizer = TwoGroups();
        LRScheduler schedule = Build(name, optimizer);
        JsonElement[] expected = [.. Golden.Root.GetProperty("schedulers").GetProperty(name).EnumerateArray()];
        foreach (int epoch in new[] { 7, 2, 12, 0, 5 })
        {
            schedule.step(epoch);
            Golden.Close(Golden.Row(expected[epoch]), [.. schedule.get_last_lr()]);
        }
    }

    [Fact]
    public void GoesOnAfterAnEpoch()
    {
        using SGD optimizer = TwoGroups();
        JsonElement[] expected = [.. Golden.Root.GetProperty("schedulers").GetProperty("exponential").EnumerateArray()];
        foreach ((var group, double rate) in optimizer.ParamGroups.Zip(Golden.Row(expected[4]))) group.LearningRate = rate;

        LRScheduler schedule = ExponentialLR(optimizer, 0.9, last_epoch: 4);

        Golden.Close(Golden.Row(expected[5]), [.. schedule.get_last_lr()]);
    }

    [PortableFact("periods are not checked")]
    public void PeriodsArePositive()
    {
        using SGD optimizer = TwoGroups();
        Assert.Throws<ArgumentOutOfRangeException>(() => StepLR(optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CosineAnnealingLR(optimizer, 0));
    }

    private static void Compare(string name, SGD optimizer, LRScheduler[] schedules)
    {
        foreach (JsonElement expected in Golden.Root.GetProperty("schedulers").GetProperty(name).EnumerateArray())
        {
            Golden.Close(Golden.Row(expected), [.. optimizer.ParamGroups.Select(group => group.LearningRate)]);
            Golden.Close(Golden.Row(expected), [.. schedules[^1].get_last_lr()]);
            foreach (LRScheduler schedule in schedules) schedule.step();
        }
    }

    private static SGD TwoGroups() => optim.SGD(
        [new SGD.ParamGroup([nn.Parameter(zeros(1))], lr: 0.1), new SGD.ParamGroup([nn.Parameter(zeros(1))], lr: 0.02)], 1);

    private static LRScheduler Build(string name, optim.Optimizer optimizer) => name switch
    {
        "step" => StepLR(optimizer, 4, gamma: 0.3),
        "multi_step" => MultiStepLR(optimizer, [2, 5, 5, 9], gamma: 0.5),
        "exponential" => ExponentialLR(optimizer, 0.9),
        "cosine" => CosineAnnealingLR(optimizer, 5, eta_min: 0.001),
        "lambda" => LambdaLR(optimizer, epoch => 1.0 / (1 + epoch)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
