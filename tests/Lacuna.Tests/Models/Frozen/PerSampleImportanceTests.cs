using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Tests.Gpu;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Frozen;

/// <summary>Importance from one pass forward and one back over the compiled network, against one backward pass an image through the network as it is.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PerSampleImportanceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(FrozenNetworkTests.Networks), MemberType = typeof(FrozenNetworkTests))]
    public void EqualsALoopOverTheImages(string name, Form? form, int channels, int side)
    {
        using var model = FrozenNetworkTests.Make(name, form, channels, side, ScalarType.Float64);
        // A gamma of zero, through which nothing can be divided.
        using (no_grad()) model.modules().OfType<TorchSharp.Modules.BatchNorm2d>().First().weight![0] = tensor(0.0, dtype: ScalarType.Float64);
        var (images, labels, _) = FrozenNetworkTests.Batch(channels, side, ScalarType.Float64);
        foreach (var kind in (ImportanceKind[])[ImportanceKind.MasPerSample, ImportanceKind.FisherPerSample])
        {
            var (expected, actual) = (Measure(model, images, labels, kind, PassChoice.General, 32), Measure(model, images, labels, kind, PassChoice.Compiled, 2));
            Compare(model, expected, actual, 1e-10);
        }
    }

    /// <summary>Thirty roundings a layer; a flipped ReLU would show as thousands of them.</summary>
    [Theory]
    [InlineData("cnn-s", 1, 12, ImportanceKind.FisherPerSample)]
    [InlineData("resnet20", 3, 16, ImportanceKind.MasPerSample)]
    [InlineData("resnet20", 3, 16, ImportanceKind.FisherPerSample)]
    [InlineData("mobilenet_v2", 3, 8, ImportanceKind.MasPerSample)]
    public void KernelsFindItToRounding(string name, int channels, int side, ImportanceKind kind)
    {
        using var single = FrozenNetworkTests.Make(name, null, channels, side, ScalarType.Float32);
        using var twice = FrozenNetworkTests.Make(name, null, channels, side, ScalarType.Float32);
        twice.to(ScalarType.Float64);
        var (images, labels, _) = FrozenNetworkTests.Batch(channels, side, ScalarType.Float32);
        var expected = Measure(twice, images.to(ScalarType.Float64), labels, kind, PassChoice.General, 32);
        Compare(single, expected, Measure(single, images, labels, kind, PassChoice.Auto, 2), 5e-5);
    }

#if PORTABLE_KERNELS
    [Fact]
    public void TheLayersKernelsDoTheWork()
    {
        using var model = FrozenNetworkTests.Make("cnn-s", null, 1, 8, ScalarType.Float32);
        var (images, labels, _) = FrozenNetworkTests.Batch(1, 8, ScalarType.Float32);
        var launcher = new SimulatedLauncher();
        var actual = WeightImportance.Measure(model, images, labels, ImportanceKind.FisherPerSample, new(KernelChoice.Native, launcher), 3, TestContext.Current.CancellationToken);
        Compare(model, Measure(model, images, labels, ImportanceKind.FisherPerSample, PassChoice.General, 32), actual, 5e-5);
        Assert.Superset(
            new HashSet<string> { "AffineImportance.Kernel", "ConvolutionImportance.Kernel", "LinearImportance.BiasKernel", "LinearImportance.Kernel", "SampleSlices.MergeKernel" },
            launcher.Launched.ToHashSet());
    }
#endif

    /// <summary>Together with the passes' own bound this is what keeps memory bounded: nothing of a batch is left when its pass back is done.</summary>
    [Fact]
    public void APassBackLetsGoOfWhatItHasUsed()
    {
        using var model = FrozenNetworkTests.Make("resnet20", null, 3, 16, ScalarType.Float32);
        var (images, _, _) = FrozenNetworkTests.Batch(3, 16, ScalarType.Float32);
        using var network = Lacuna.Models.Frozen.FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var sums = network.Importance(Lacuna.Kernels.ImportanceMeasure.Absolute);
        // 19 convolutions and their outputs of 16x16x16, 32x8x8 and 64x4x4 numbers, the two shortcuts and some small ones: not twice that.
        const long outputs = sizeof(float) * (7 * 16 * 16 * 16 + 6 * 32 * 8 * 8 + 6 * 64 * 4 * 4);
        Assert.InRange(sums.BytesAnImage(images), outputs / 2, outputs * 3 / 2);
    }

    private static IReadOnlyList<Tensor> Measure(Classifier model, Tensor images, Tensor labels, ImportanceKind kind, PassChoice choice, int batch) =>
        WeightImportance.Measure(model, images, labels, kind, new TensorKernels { Passes = choice }, batch, TestContext.Current.CancellationToken);

    private static void Compare(Classifier model, IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, double limit)
    {
        var parameters = model.TrainableParameters();
        Assert.Equal(parameters.Count, actual.Count);
        for (var i = 0; i < parameters.Count; i++)
        {
            Assert.Equal(parameters[i].Value.shape, actual[i].shape);
            Assert.True(actual[i].is_contiguous());
            var (error, size) = ((expected[i] - actual[i].to(expected[i].dtype)).abs().max().ToDouble(), expected[i].max().ToDouble());
            Assert.True(size > 0 && error <= limit * size, $"{parameters[i].Name}: {error} off at a size of {size}");
        }
    }
}
