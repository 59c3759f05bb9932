using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class RegistrationTests
{
    [Fact]
    public void FieldsAreNamedAsWrittenOrByAttribute()
    {
        using var module = new Pieces();

        Assert.Equal(["renamed", "first.weight", "first.bias", "_norm.weight", "_norm.bias"], module.named_parameters().Select(p => p.name));
        Assert.Equal(
            ["offset", "_norm.running_mean", "_norm.running_var", "_norm.num_batches_tracked"], module.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "_norm"], module.named_children().Select(c => c.name));
        Assert.Same(module.scale, module.named_parameters().First().parameter);
        Assert.Equal("pieces", module.GetName());
    }

    [Fact]
    public void BaseFieldsAreFoundToo()
    {
        using var module = new Derived();
        Assert.Equal(["later", "_hidden"], module.named_children().Select(c => c.name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    public void NamesAreNotEmptyAndHaveNoDot(string name)
    {
        using var module = new Free();
        using var part = nn.Identity();
        Assert.Throws<ArgumentException>(() => module.register_module(name, part));
    }

    [PortableFact("a name can be registered twice")]
    public void NamesAreTakenOnce()
    {
        using var module = new Free();
        module.register_buffer("part", zeros(1));
        using var second = nn.Identity();

        var error = Assert.Throws<InvalidOperationException>(() => module.register_module("part", second));

        Assert.Contains("'free'", error.Message);
        Assert.Contains("'part'", error.Message);
    }

    [PortableFact("buffers that are not saved are not listed either")]
    public void NonPersistentBuffersAreListedButNotSaved()
    {
        using var module = new Free();
        module.register_buffer("kept", zeros(1));
        module.register_buffer("passing", zeros(1), persistent: false);

        Assert.Equal(["kept", "passing"], module.named_buffers().Select(b => b.name));
        Assert.Equal(["kept"], module.named_buffers(include_nonpersistent: false).Select(b => b.name));
        Assert.Equal(["kept"], module.state_dict().Keys);
    }

    [Fact]
    public void SharedParametersAreListedOnce()
    {
        using var module = new Free();
        Linear shared = nn.Linear(1, 1);
        module.register_module("a", shared);
        module.register_module("b", shared);
        Assert.Equal(["a.weight", "a.bias"], module.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void WithoutRecursionOnlyOwnParts()
    {
        using var module = new Pieces();
        Assert.Equal(["renamed"], module.named_parameters(recurse: false).Select(p => p.name));
        Assert.Equal(["offset"], module.named_buffers(recurse: false).Select(b => b.name));
    }

    [Fact]
    public void ParameterlessModulesRefuseParts()
    {
        using var relu = nn.ReLU();
        using Parameter parameter = nn.Parameter(zeros(1));
        Assert.Throws<InvalidOperationException>(() => relu.register_parameter("weight", parameter));
    }

    [Fact]
    public void ReplacedParametersAreRegisteredAndTheOldFreed()
    {
        using Linear linear = nn.Linear(2, 1);
        Parameter old = linear.weight;
        linear.weight = nn.Parameter(ones(1, 2));
        linear.bias = null;

        Assert.True(old.IsInvalid);
        Assert.Equal(["weight"], linear.state_dict().Keys);
        Assert.Same(linear.weight, linear.state_dict()["weight"]);
    }

    private sealed class Free() : nn.Module("free");

    private class Base : nn.Module
    {
        private readonly Identity _hidden = nn.Identity();

        protected Base() : base("base") => RegisterComponents();

        public bool Holds(nn.Module module) => ReferenceEquals(module, _hidden);
    }

    private sealed class Derived : Base
    {
        public readonly Identity later = nn.Identity();

        public Derived() => RegisterComponents();
    }
}
