using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class ContainerTests
{
    [Fact]
    public void NamedModulesListsChildrenBeforeTheirOwnAndNotItself()
    {
        using Sequential module = nn.Sequential(
            ("a", nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity()))), ("b", nn.Sequential(nn.ReLU())));

        Assert.Equal(["a", "b", "a.0", "a.1", "a.1.0", "b.0"], module.named_modules().Select(m => m.name));
        Assert.Equal(6, module.modules().Count());
        Assert.Equal(2, module.children().Count());
    }

    [Fact]
    public void SequentialComposes()
    {
        using DisposeScope scope = NewDisposeScope();
        Linear first = nn.Linear(3, 4), last = nn.Linear(4, 2);
        using Sequential module = nn.Sequential(first, nn.ReLU(inplace: true), nn.Identity(), last);
        Tensor input = arange(6, dtype: ScalarType.Float32).reshape(2, 3);

        Tensor expected = nn.functional.linear(nn.functional.linear(input, first.weight, first.bias).relu(), last.weight, last.bias);

        Golden.Close(Golden.Values(expected), Golden.Values(module.call(input)), 1e-6);
    }

    [Fact]
    public void EmptySequentialReturnsAnotherHandle()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential module = nn.Sequential();
        Tensor input = ones(2);

        Tensor output = module.call(input);

        Assert.NotSame(input, output);
        Assert.Equal([1.0, 1.0], Golden.Values(output));
    }

    [Fact]
    public void OutputsInBetweenAreFreedButGradientsFlow()
    {
        using DisposeScope scope = NewDisposeScope();
        Linear first = nn.Linear(3, 4);
        using Sequential module = nn.Sequential(first, nn.GELU(), nn.Linear(4, 1));
        Tensor? between = null;
        first.register_forward_hook((_, _, output) => between = output);
        Tensor input = ones(2, 3);

        Tensor output = module.call(input);
        output.sum().backward();

        Assert.True(between!.IsInvalid);
        Assert.False(input.IsInvalid);
        Assert.Equal([4, 3], first.weight.grad!.shape);
    }

    [PortableFact("Sequential frees an output that is also the input")]
    public void StepThatReturnsItsInputIsNotFreed()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential module = nn.Sequential(nn.ReLU(), new Same(), new Same());
        Assert.Equal([1.0], Golden.Values(module.call(ones(1))));
    }

    [Fact]
    public void SlicesKeepNames()
    {
        using Sequential module = nn.Sequential(nn.ReLU(), nn.Linear(1, 2), nn.Linear(2, 1));
        Sequential tail = module[1..];

        Assert.Equal(2, tail.Count);
        Assert.Equal(["1.weight", "1.bias", "2.weight", "2.bias"], tail.state_dict().Keys);
        Assert.Same(module[2], tail[1]);
    }

    [Fact]
    public void ModesReachEveryPart()
    {
        using Sequential module = nn.Sequential(nn.Sequential(nn.Dropout()));
        module.eval();
        Assert.All(module.modules(), part => Assert.False(part.training));
        module.train();
        Assert.All(module.modules(), part => Assert.True(part.training));
    }

    [PortableFact("a container's name is libtorch's own")]
    public void ApplyVisitsPartsBeforeTheWhole()
    {
        using Sequential module = nn.Sequential(nn.Sequential(nn.ReLU()), nn.Flatten());
        var visited = new List<string>();
        module.apply(part => visited.Add(part.GetName()));
        Assert.Equal(["ReLU", "Sequential", "Flatten", "Sequential"], visited);
    }

    [PortableFact("a list that is not a field has no named children")]
    public void ModuleListNumbersItsItems()
    {
        Linear a = nn.Linear(1, 1), b = nn.Linear(1, 1), c = nn.Linear(1, 1);
        using ModuleList<Linear> list = nn.ModuleList(a, b);
        list.Insert(0, c);
        Assert.Equal([c, a, b], list.named_children().Select(child => child.module));

        list.RemoveAt(1);
        list.append(a);

        Assert.Equal(["0", "1", "2"], list.named_children().Select(child => child.name));
        Assert.Equal([c, b, a], list);
        Assert.Equal(6, list.parameters().Count());
    }

    [Fact]
    public void ModuleListInAField()
    {
        using var module = new WithList();
        Assert.Equal(["blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias"], module.state_dict().Keys);
    }

    private sealed class Same() : nn.Module<Tensor, Tensor>("same")
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class WithList : nn.Module
    {
        public readonly ModuleList<Linear> blocks = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1));

        public WithList() : base("with list") => RegisterComponents();
    }
}
