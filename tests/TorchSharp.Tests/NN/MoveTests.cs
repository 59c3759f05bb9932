using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class MoveTests
{
    [PortableFact("a conversion makes new parameters")]
    public void ConvertsFloatingPointTensorsInPlaceOfTheOld()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential module = nn.Sequential(("fc", nn.Linear(2, 2)), ("norm", nn.BatchNorm2d(2)));
        var fc = (Linear)module[0];
        Parameter weight = fc.weight;
        double[] before = Golden.Values(weight);
        fc.call(ones(1, 2)).sum().backward();

        Sequential same = module.@double();

        Assert.Same(module, same);
        Assert.Same(weight, fc.weight);
        Assert.Equal(ScalarType.Float64, weight.dtype);
        Assert.True(weight.requires_grad && weight.is_leaf);
        Assert.Equal(ScalarType.Float64, weight.grad!.dtype);
        Assert.Equal(before, Golden.Values(weight));
        Assert.Equal(ScalarType.Float64, module.state_dict()["norm.running_mean"].dtype);
        Assert.Equal(ScalarType.Int64, module.state_dict()["norm.num_batches_tracked"].dtype);
    }

    [PortableFact("a conversion makes new parameters, which the optimiser does not know")]
    public void TrainsOnAfterAConversion()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1, hasBias: false);
        nn.init.ones_(module.weight);
        using var optimizer = optim.SGD(module.parameters(), 0.5);
        module.to(ScalarType.Float64);

        module.call(ones(1, 2, dtype: ScalarType.Float64)).sum().backward();
        optimizer.step();

        Assert.Equal([0.5, 0.5], Golden.Values(module.weight));
    }

    [Fact]
    public void SurvivesTheScopeItIsMovedIn()
    {
        using Linear module = nn.Linear(2, 1);
        using (NewDisposeScope()) module.half().cpu();
        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float16, parameter.dtype));
    }

    [PortableFact("the exception is an ExternalException")]
    public void RefusesIntegers()
    {
        using Linear module = nn.Linear(1, 1);
        Assert.Throws<ArgumentException>(() => module.to(ScalarType.Int32));
    }
}
