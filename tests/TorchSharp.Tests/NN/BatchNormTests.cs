using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class BatchNormTests
{
    [Theory]
    [InlineData("exponential")]
    [InlineData("cumulative")]
    public void TrainingAndEvaluationArePyTorchs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Root.GetProperty("batch_norm").GetProperty(name);
        using BatchNorm2d module = nn.BatchNorm2d(3).to(ScalarType.Float64);
        module.momentum = golden.GetProperty("momentum").ValueKind == JsonValueKind.Null ? null : golden.GetProperty("momentum").GetDouble();
        module.load_state_dict(Golden.State(golden.GetProperty("state")), strict: false);

        foreach (JsonElement batch in golden.GetProperty("batches").EnumerateArray())
        {
            Golden.Close(batch.GetProperty("output"), module.call(Golden.Tensor(batch.GetProperty("input"))));
            Golden.Close(batch.GetProperty("running_mean"), module.running_mean!);
            Golden.Close(batch.GetProperty("running_var"), module.running_var!);
            Assert.Equal(batch.GetProperty("num_batches_tracked").GetInt64(), module.num_batches_tracked!.item<long>());
        }

        module.eval();
        Golden.Close(golden.GetProperty("eval_output"), module.call(Golden.Tensor(golden.GetProperty("eval_input"))));
        Assert.Equal(3, module.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void StateHasPyTorchsNamesParametersFirst()
    {
        using BatchNorm2d module = nn.BatchNorm2d(2);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], module.state_dict().Keys);
    }

    [Fact]
    public void PlainModuleHasNoStateAndUsesTheBatchInEvaluationToo()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d module = nn.BatchNorm2d(1, eps: 0, affine: false, track_running_stats: false);
        module.eval();

        double[] output = Golden.Values(module.call(tensor(new[] { 1f, 3f }).reshape(2, 1, 1, 1)));

        Assert.Empty(module.state_dict());
        Assert.Equal([-1.0, 1.0], output);
    }

    [PortableFact("one value a channel is taken")]
    public void OneValueAChannelCannotTrain()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d module = nn.BatchNorm2d(2);
        Tensor single = zeros(1, 2, 1, 1);

        var error = Assert.Throws<ArgumentException>(() => module.call(single));

        Assert.Contains("eval()", error.Message);
        Assert.Equal(0, module.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void InputHasFourDimensions()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d module = nn.BatchNorm2d(2);
        Assert.Throws<ArgumentException>(() => module.call(zeros(3, 2)));
    }

    [Fact]
    public void ResetForgetsStatisticsAndParameters()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d module = nn.BatchNorm2d(1);
        nn.init.constant_(module.weight, 7);
        module.call(tensor(new[] { 1f, 3f }).reshape(2, 1, 1, 1));

        module.reset_parameters();

        Assert.Equal([1.0], Golden.Values(module.weight));
        Assert.Equal([0.0], Golden.Values(module.running_mean!));
        Assert.Equal([1.0], Golden.Values(module.running_var!));
        Assert.Equal(0, module.num_batches_tracked!.item<long>());
    }
}
