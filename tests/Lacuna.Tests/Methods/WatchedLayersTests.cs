using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Tests.Gpu;
using Lacuna.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>
/// Importance from one backward pass a batch against one an image, by the operators. Both look at the same forward pass, so no ReLU differs and
/// what is left is float32's rounding.
/// </summary>
public sealed class WatchedLayersTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("cnn-s", 8, ImportanceKind.MasPerSample)]
    [InlineData("cnn-s", 8, ImportanceKind.FisherPerSample)]
    [InlineData("resnet20", 8, ImportanceKind.MasPerSample)]
    [InlineData("resnet20", 8, ImportanceKind.FisherPerSample)]
    public void OneBackwardPassABatchFindsWhatOneAnImageDoes(string architecture, int side, ImportanceKind kind)
    {
        using var model = Single(ModelZoo.Create(architecture, Grey(3, side), seed: 1));
        Compare(model, TensorKernels.Native, side, kind);
        using var layers = WatchedLayers.Of(model, model.TrainableParameters());
        Assert.NotNull(layers);
        Assert.False(layers.Complete);
        model.call(Images(side));
        Assert.True(layers.Complete);
        model.call(Images(side));
        Assert.False(layers.Complete);
        layers.Forget();
        model.call(Images(side));
        Assert.True(layers.Complete);
    }

    [Fact]
    public void BiasesOfConvolutionsCountToo()
    {
        using var model = Single(new Odd(form: "biases"));
        using (var layers = WatchedLayers.Of(model, model.TrainableParameters())) Assert.NotNull(layers);
        Compare(model, TensorKernels.Native, 8, ImportanceKind.MasPerSample);
    }

    /// <summary>A layer used twice, padding that is not zeros, a parameter of no layer, a matrix of many rows an image: one backward pass an image is still right.</summary>
    [Theory]
    [InlineData("twice")]
    [InlineData("reflection")]
    [InlineData("parameter")]
    [InlineData("rows")]
    public void OtherModelsAreDoneImageByImage(string form)
    {
        using var model = Single(new Odd(form));
        Compare(model, TensorKernels.Native, 8, ImportanceKind.MasPerSample);
        using var layers = WatchedLayers.Of(model, model.TrainableParameters());
        Assert.Equal(form is "reflection" or "parameter", layers is null);
        model.call(Images(8));
        Assert.False(layers?.Complete ?? false);
    }

#if PORTABLE_KERNELS
    [Fact]
    public void TheLayersKernelsDoTheWork()
    {
        using var model = Single(new Odd(form: "biases"));
        var launcher = new SimulatedLauncher();
        Compare(model, new(KernelChoice.Native, launcher), 8, ImportanceKind.FisherPerSample);
        Assert.Equal(
            ["AffineImportance.Kernel", "AffineImportance.ShiftKernel", "ConvolutionImportance.Kernel", "LinearImportance.BiasKernel", "LinearImportance.Kernel", "SampleSlices.MergeKernel"],
            launcher.Launched.Distinct().Order());
    }
#endif

    private static Tensor Images(int side) => Formula.Values(7, 5, 1, side, side).to(float32);

    private static Classifier Single(Classifier model)
    {
        Formula.Fill(model);
        model.eval();
        return model;
    }

    private static void Compare(Classifier model, TensorKernels kernels, int side, ImportanceKind kind)
    {
        var labels = tensor(new long[] { 0, 2, 1, 1, 0 });
        IReadOnlyList<Tensor> Measure(TensorKernels by) => WeightImportance.Measure(model, Images(side), labels, kind, by, 3, TestContext.Current.CancellationToken);
        var (expected, actual) = (Measure(TensorKernels.Operators), Measure(kernels));
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e.shape, a.shape);
            var largest = Numbers(e).Max();
            Assert.True(largest > 0);
            Near(Numbers(e), a, 1e-5 * largest);
        }
    }

    /// <summary>A small network of all kinds of layers, with one thing that a backward pass a batch cannot take apart.</summary>
    private sealed class Odd : StagedClassifier
    {
        private readonly string _form;
        private readonly Conv2d first;
        private readonly Conv2d second;
        private readonly BatchNorm2d norm;
        private readonly Linear linear;
        private readonly Parameter? gain;

        public Odd(string form) : base("odd", Grey(3))
        {
            _form = form;
            first = nn.Conv2d(1, 4, 3, padding: 1);
            second = nn.Conv2d(4, 4, 3, padding: 1, padding_mode: form == "reflection" ? PaddingModes.Reflect : PaddingModes.Zeros);
            norm = nn.BatchNorm2d(4);
            linear = form == "rows" ? nn.Linear(8, 3) : nn.Linear(4 * 64, 3);
            gain = form == "parameter" ? new Parameter(ones(1)) : null;
            RegisterComponents();
        }

        protected override Tensor Stages(Tensor normalised)
        {
            var features = nn.functional.relu(norm.call(second.call(first.call(normalised))));
            return _form == "twice" ? second.call(features) : features;
        }

        public override Tensor Head(Tensor features)
        {
            var logits = _form == "rows" ? linear.call(features.flatten(1, 2)).sum(1) : linear.call(features.flatten(1));
            return gain is null ? logits : logits * gain;
        }
    }
}
