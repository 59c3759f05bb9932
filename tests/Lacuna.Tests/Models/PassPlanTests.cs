using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models;

/// <summary>The choice between compiled and general passes: what it is, that it is said, and that both find the same.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PassPlanTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("cnn-s", PassChoice.Auto, "compiled network (2 convolutions, 2 batch norms folded)")]
    [InlineData("resnet20", PassChoice.Auto, "compiled network (19 convolutions, 19 batch norms folded)")]
    [InlineData("resnet20", PassChoice.Compiled, "compiled network (19 convolutions, 19 batch norms folded)")]
    [InlineData("resnet20", PassChoice.General, "general (asked for)")]
    [InlineData("vit_tiny", PassChoice.Auto, "general (vit_tiny: the layer 'encoder' (TransformerEncoder) has no compiled form)")]
    [InlineData("vit_tiny", PassChoice.General, "general (asked for)")]
    public void ThePlanSaysWhichAndWhy(string architecture, PassChoice choice, string expected)
    {
        using var model = Make(architecture);
        Assert.Equal(expected, PassPlan.Of(model, new TensorKernels { Passes = choice }).ToString());
    }

    [Fact]
    public void OperatorsAndFloat64AreNotCompiledUnlessAskedFor()
    {
        using var model = Make("cnn-s");
        Assert.Equal("general (operators do the kernels' work)", PassPlan.Of(model, TensorKernels.Operators).ToString());
        Assert.True(PassPlan.Of(model, new TensorKernels(KernelChoice.Operators) { Passes = PassChoice.Compiled }).IsCompiled);
        model.to(ScalarType.Float64);
        Assert.Equal("general (kernels do not compute in float64)", PassPlan.Of(model, TensorKernels.Native).ToString());
        Assert.True(PassPlan.Of(model, new TensorKernels { Passes = PassChoice.Compiled }).IsCompiled);
    }

    [Fact]
    public void WhatCannotBeCompiledIsRefused()
    {
        using var model = Make("vit_tiny");
        var refusal = Assert.Throws<ArgumentException>(() => new InputPasses(model, new TensorKernels { Passes = PassChoice.Compiled }));
        Assert.Contains("vit_tiny cannot go through compiled passes", refusal.Message);
        Assert.Contains("TransformerEncoder", refusal.Message);
        Assert.Contains("--passes general", refusal.Message);
    }

    /// <summary>Rounding of some twenty layers in float32, each of another order of sums.</summary>
    [Theory]
    [InlineData("cnn-s")]
    [InlineData("resnet20")]
    public void BothFindTheSame(string architecture)
    {
        using var model = Make(architecture);
        manual_seed(2);
        var images = rand(4, 3, 16, 16);
        var found = new[] { PassChoice.Compiled, PassChoice.General }.Select(choice =>
        {
            using var passes = new InputPasses(model, new TensorKernels { Passes = choice });
            return (Logits: passes.Logits(images), Gradient: passes.Differentiate(images, (logits, _) => ones_like(logits)));
        }).ToArray();
        Near(found[1].Logits, found[0].Logits);
        Near(found[1].Gradient, found[0].Gradient);
        Assert.False((found[1].Logits - found[0].Logits).abs().max().ToDouble() == 0 && architecture == "resnet20", "the two ways round differently, so these are not two");
    }

    private static Classifier Make(string architecture)
    {
        var model = ModelZoo.Create(architecture, new(5, 3, 16, 16, Normalisation.Default(3)), seed: 1);
        model.eval();
        return model;
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        var (error, size) = ((expected - actual).abs().max().ToDouble(), expected.abs().max().ToDouble());
        Assert.True(error <= 1e-4 * size, $"{error} off at a size of {size}");
    }
}
