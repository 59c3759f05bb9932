using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Jit;

/// <summary>TorchScript modules against PyTorch: script.pt and jit.json, written by make_jit.py.</summary>
public sealed class ScriptModuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("torchsharp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OutputsAndBothDerivativesArePyTorchs()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, Tensor> module = Script().to(ScalarType.Float64);
        module.eval();
        Tensor x = Golden.Tensor(Golden.Jit.GetProperty("input")).requires_grad_();

        Tensor output = module.call(x);
        Golden.Close(Golden.Jit.GetProperty("output"), output);
        Tensor slope = autograd.grad([output.square().sum()], [x], retain_graph: true, create_graph: true)[0];
        Golden.Close(Golden.Jit.GetProperty("slope"), slope);
        Parameter weight = module.named_parameters().Single(entry => entry.name == "first.0.weight").parameter;
        Golden.Close(Golden.Jit.GetProperty("second"), autograd.grad([slope.square().sum()], [weight])[0]);
    }

    [Fact]
    public void TrainingModeIsSeenByTheScript()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, Tensor> module = Script().to(ScalarType.Float64);
        Assert.True(module.training);
        module.eval();
        Assert.False(module.training);
        Assert.All(module.named_modules(), entry => Assert.False(entry.module.training));
        module.train();
        Golden.Close(Golden.Jit.GetProperty("training_output"), module.forward(Golden.Tensor(Golden.Jit.GetProperty("input"))));
        Golden.Close(Golden.Jit.GetProperty("running_mean"), module.state_dict()["first.1.running_mean"]);
    }

    [Fact]
    public void NamesFlagsAndTreeAreTheFiles()
    {
        using jit.ScriptModule module = jit.load(Write("script.pt"));
        Assert.Equal(
            ["first.0.weight", "first.0.bias", "first.1.weight", "first.1.bias", "last.weight", "shift", "first.1.running_mean", "first.1.running_var", "first.1.num_batches_tracked"],
            module.state_dict().Keys);
        Assert.Equal([true, true, true, true, false], module.parameters().Select(parameter => parameter.requires_grad));
        Assert.Equal(["first", "last"], module.named_children().Select(entry => entry.name));
        Assert.Equal(["first", "first.0", "first.1", "first.2", "last"], module.named_modules().Select(entry => entry.name).Order());
    }

    [Fact]
    public void ParametersAreTheModulesOwnAndOutliveScopes()
    {
        jit.ScriptModule<Tensor, Tensor> module;
        using (NewDisposeScope()) module = Script();
        using (module)
        using (NewDisposeScope())
        {
            module.eval();
            using (no_grad())
            {
                foreach (Parameter parameter in module.parameters()) parameter.zero_();
            }
            Assert.Equal([0.5, -0.25], Golden.Values(module.call(ones(1, 3)) - module.state_dict()["shift"] + tensor(new[] { 0.5f, -0.25f })));

            module.call(ones(1, 3)).sum().backward();
            Assert.NotNull(module.named_parameters().First().parameter.grad);
            module.zero_grad();
            Assert.Null(module.named_parameters().First().parameter.grad);
        }
    }

    [Fact]
    public void ConversionKeepsTheObjectsFlagsGradientsAndIntegers()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, Tensor> module = Script();
        Parameter weight = module.parameters().First();
        module.call(ones(2, 3)).sum().backward();
        double[] before = Golden.Values(weight);

        Assert.Same(module, module.to(ScalarType.Float64).to(CPU));

        Assert.Same(weight, module.parameters().First());
        Assert.Equal((ScalarType.Float64, true, true), (weight.dtype, weight.requires_grad, weight.is_leaf));
        Assert.Equal(ScalarType.Float64, weight.grad!.dtype);
        Assert.Equal(before, Golden.Values(weight));
        Assert.False(module.state_dict()["last.weight"].requires_grad);
        Assert.Equal(ScalarType.Int64, module.state_dict()["first.1.num_batches_tracked"].dtype);
        Assert.Equal(ScalarType.Float64, module.call(rand(2, 3, dtype: ScalarType.Float64)).dtype);
        Assert.Throws<ArgumentException>(() => module.to(ScalarType.Int32));
    }

    [Fact]
    public void WhatIsSavedLoadsWithItsChangesAndMode()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, Tensor> module = Script();
        module.eval();
        using (no_grad()) module.parameters().First().fill_(0.125);
        string path = Path.Combine(_folder, "saved ü.pt");
        jit.save(module, path);

        using jit.ScriptModule<Tensor, Tensor> again = jit.load<Tensor, Tensor>(path, "cpu");
        Assert.False(again.training);
        Assert.Equal(module.state_dict().Keys, again.state_dict().Keys);
        Assert.Equal(Golden.Values(module.call(ones(2, 3))), Golden.Values(again.call(ones(2, 3))));
        Assert.Equal(module.parameters().Select(p => p.requires_grad), again.parameters().Select(p => p.requires_grad));
    }

    [Fact]
    public void TuplesAndListsComeAsTheirKind()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, (Tensor, Tensor)> two = jit.load<Tensor, (Tensor, Tensor)>(Write("two.pt"), CPU);
        var (first, second) = two.call(ones(1) * 3);
        Assert.Equal((4.0, 6.0), (first.ToDouble(), second.ToDouble()));
        using jit.ScriptModule<Tensor, Tensor> one = jit.load<Tensor, Tensor>(Write("two.pt"));
        Assert.Throws<InvalidCastException>(() => one.call(ones(1)));
    }

    [Fact]
    public void HooksSurroundCallsAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule<Tensor, Tensor> module = Script();
        module.eval();
        var before = module.register_forward_pre_hook((_, input) => input * 0);
        var after = module.register_forward_hook((_, _, output) => output * 0 + 7);
        Assert.Equal([7.0, 7.0], Golden.Values(module.call(ones(1, 3))));
        double[] plain = Golden.Values(module.forward(ones(1, 3)));
        after.remove();
        Assert.Equal(Golden.Values(module.forward(zeros(1, 3))), Golden.Values(module.call(ones(1, 3))));
        before.remove();
        Assert.Equal(plain, Golden.Values(module.call(ones(1, 3))));
    }

    [Fact]
    public void FailuresAreExceptions()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Contains("gone.pt", Assert.Throws<ExternalException>(() => jit.load(Path.Combine(_folder, "gone.pt"))).Message);
        File.WriteAllBytes(Path.Combine(_folder, "cut.pt"), Golden.Bytes("script.pt")[..500]);
        Assert.Throws<ExternalException>(() => jit.load(Path.Combine(_folder, "cut.pt")));

        using jit.ScriptModule<Tensor, Tensor> module = Script();
        Assert.Contains("cannot be multiplied", Assert.Throws<ExternalException>(() => module.call(ones(2, 4))).Message);
        Assert.Throws<ExternalException>(() => jit.save(module, Path.Combine(_folder, "no", "folder.pt")));
    }

    [PortableFact("nested results are taken apart, other arguments are passed, and writing to a full disk ends the process")]
    public void WhatIsNotTakenIsSaid()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule nested = jit.load(Write("nested.pt"));
        Assert.Contains("only tensors can be taken", Assert.Throws<ExternalException>(() => nested.call(ones(1))).Message);
        Assert.Throws<ArgumentException>(() => nested.forward(1.0));
        if (File.Exists("/dev/full"))
            Assert.Contains("No space left", Assert.Throws<ExternalException>(() => jit.save(nested, "/dev/full")).Message);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        long before = Tensor.TotalCount;
        using (jit.ScriptModule<Tensor, Tensor> module = Script())
        using (NewDisposeScope())
            module.call(ones(2, 3));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private jit.ScriptModule<Tensor, Tensor> Script() => jit.load<Tensor, Tensor>(Write("script.pt"));

    private string Write(string name)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, Golden.Bytes(name));
        return path;
    }
}
