using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class HookTests
{
    [Fact]
    public void HooksSeeAndChangeInputAndOutput()
    {
        using DisposeScope scope = NewDisposeScope();
        using Identity module = nn.Identity();
        module.register_forward_pre_hook((_, input) => input + 1);
        module.register_forward_hook((_, input, output) => output * input);

        Assert.Equal([9.0], Golden.Values(module.call(full(1, 2))));
        Assert.Equal([2.0], Golden.Values(module.forward(full(1, 2))));
    }

    [Fact]
    public void HooksRunInOrderUntilRemoved()
    {
        using DisposeScope scope = NewDisposeScope();
        using Identity module = nn.Identity();
        var calls = new List<string>();
        var first = module.register_forward_hook((_, _, output) => Note("first", output));
        module.register_forward_hook((_, _, output) => Note("second", output));

        module.call(ones(1));
        first.remove();
        first.remove();
        module.call(ones(1));

        Assert.Equal(["first", "second", "second"], calls);

        Tensor Note(string name, Tensor output)
        {
            calls.Add(name);
            return output;
        }
    }

    [Fact]
    public void TwoInputs()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Difference();
        module.register_forward_pre_hook((_, a, b) => (b, a));
        module.register_forward_hook((_, _, _, output) => output * 10);
        Assert.Equal([20.0], Golden.Values(module.call(full(1, 1), full(1, 3))));
    }

    private sealed class Difference() : nn.Module<Tensor, Tensor, Tensor>("difference")
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 - input2;
    }
}
