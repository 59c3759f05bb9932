using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class ParameterTests
{
    [Fact]
    public void TakesTheTensorOver()
    {
        Tensor data = tensor(new[] { 1.0, 2.0 });
        using Parameter parameter = nn.Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
        Assert.Equal([1.0, 2.0], Golden.Values(parameter));
    }

    [Fact]
    public void NeedNotBeTrained()
    {
        using Parameter parameter = nn.Parameter(ones(1), requires_grad: false);
        Assert.False(parameter.requires_grad);
    }

    [PortableFact("a parameter made from a computed tensor is no leaf")]
    public void ComputedDataBecomesALeaf()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor source = ones(2, requires_grad: true);
        Parameter parameter = nn.Parameter(source * 3);
        Assert.True(parameter.is_leaf);
    }

    [Fact]
    public void TakesItsPlaceInTheScopeOfTheData()
    {
        Tensor outside = ones(1);
        Parameter within, without;
        using (DisposeScope scope = NewDisposeScope())
        {
            within = nn.Parameter(ones(1));
            without = nn.Parameter(outside);
            Assert.True(scope.Contains(within));
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.True(within.IsInvalid);
        Assert.False(without.IsInvalid);
        without.Dispose();
    }

    [Fact]
    public void BuiltInModulesOutliveTheScopeTheyAreMadeIn()
    {
        Sequential module;
        using (NewDisposeScope())
            module = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1), nn.LayerNorm(1), nn.Linear(1, 1));

        Assert.All(module.state_dict().Values, value => Assert.False(value.IsInvalid));
        module.Dispose();
    }

    [Fact]
    public void ModulesDisposeTheirParts()
    {
        var module = new Pieces();
        List<Tensor> parts = [.. module.state_dict().Values];

        module.Dispose();
        module.Dispose();

        Assert.Equal(9, parts.Count);
        Assert.All(parts, part => Assert.True(part.IsInvalid));
    }

    [Fact]
    public void ZeroGradForgetsOrZeroes()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear module = nn.Linear(2, 1);
        module.call(ones(1, 2)).sum().backward();

        module.zero_grad(set_to_none: false);
        Assert.Equal([0.0, 0.0], Golden.Values(module.weight.grad!));

        module.zero_grad();
        Assert.Null(module.weight.grad);
    }
}
