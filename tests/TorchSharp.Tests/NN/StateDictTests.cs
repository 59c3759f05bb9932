using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class StateDictTests
{
    private static Sequential Small() => nn.Sequential(("conv", nn.Conv2d(1, 2, 1)), ("norm", nn.BatchNorm2d(2)), ("flat", nn.Flatten()));

    [Fact]
    public void ParametersComeFirstThenBuffers()
    {
        using Sequential module = Small();
        Assert.Equal(
            ["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"],
            module.state_dict().Keys);
    }

    [Fact]
    public void PrefixAndDestination()
    {
        using Linear module = nn.Linear(1, 1);
        using Tensor other = zeros(1);
        var destination = new Dictionary<string, Tensor> { ["net.bias"] = other };

        Dictionary<string, Tensor> state = module.state_dict(destination, "net");

        Assert.Same(destination, state);
        Assert.Same(other, state["net.bias"]);
        Assert.Same(module.weight, state["net.weight"]);
    }

    [Fact]
    public void ValuesAreCopiedAcrossElementTypes()
    {
        using Sequential source = Small().to(ScalarType.Float64), target = Small();
        source.named_buffers().Last().buffer.fill_(41);
        IList<string> missing, unexpected;

        (missing, unexpected) = target.load_state_dict(source.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(ScalarType.Float32, target.parameters().First().dtype);
        Assert.Equal(41, target.state_dict()["norm.num_batches_tracked"].item<long>());
        foreach ((string name, Tensor value) in target.state_dict())
            Golden.Close(Golden.Values(source.state_dict()[name]), Golden.Values(value), 1e-7);
    }

    [PortableFact("the message does not name the keys")]
    public void MismatchesAreAllNamedAndNothingIsCopied()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential module = Small();
        double[] before = Golden.Values(module.state_dict()["norm.bias"]);
        var state = new Dictionary<string, Tensor>(module.state_dict()) { ["extra"] = zeros(1), ["norm.bias"] = ones(2), ["conv.weight"] = ones(3, 1, 1, 1) };
        state.Remove("conv.bias");

        var error = Assert.Throws<InvalidOperationException>(() => module.load_state_dict(state));

        Assert.Contains("lacks conv.bias", error.Message);
        Assert.Contains("has no extra", error.Message);
        Assert.Contains("conv.weight is [2 x 1 x 1 x 1] in the module and [3 x 1 x 1 x 1] in the state", error.Message);
        Assert.Equal(before, Golden.Values(module.state_dict()["norm.bias"]));
    }

    [Fact]
    public void NotStrictLoadsWhatIsSharedAndReportsTheRest()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1);
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["extra"] = zeros(1) };

        var (missing, unexpected) = module.load_state_dict(state, strict: false);

        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal([1.0, 1.0], Golden.Values(module.weight));
    }

    [PortableFact("shapes are not checked when not strict")]
    public void ShapesMustFitEvenWhenNotStrict()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1);
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(1, 1) };
        Assert.Throws<InvalidOperationException>(() => module.load_state_dict(state, strict: false));
    }

    [Fact]
    public void SkippedNamesAreLeftAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1);
        double[] before = Golden.Values(module.bias!);
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["bias"] = ones(7), ["extra"] = zeros(1) };

        var (missing, unexpected) = module.load_state_dict(state, skip: ["bias", "extra"]);

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(before, Golden.Values(module.bias!));
        Assert.Equal([1.0, 1.0], Golden.Values(module.weight));
    }

    [Fact]
    public void LoadedParametersStayTrainedLeaves()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1);
        Parameter weight = module.weight;

        module.load_state_dict(new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["bias"] = ones(1) });

        Assert.Same(weight, module.weight);
        Assert.True(weight.is_leaf && weight.requires_grad);
    }
}
