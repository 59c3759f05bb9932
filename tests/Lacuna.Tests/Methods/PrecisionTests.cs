using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Tests.Models.TorchScript;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

[Collection(TensorLibrary.Name)]
public sealed class PrecisionTests
{
    private static readonly Device gpu = new(DeviceType.CUDA, 0);

    [Fact]
    public void Tf32IsRefusedOnTheCpuBeforeAnythingIsDone()
    {
        var options = Recipe with { Precision = Precision.Tf32 };
        options.CheckRunsOn(gpu);
        Assert.Contains("--device cuda", Assert.Throws<ArgumentException>(() => options.CheckRunsOn(CPU)).Message);
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 1);
        var before = Fingerprint(model);
        Assert.Contains("tf32", Assert.Throws<ArgumentException>(() => Train(model, options)).Message);
        Assert.Equal(before, Fingerprint(model));
    }

    [Fact]
    public void AStackWithoutAutocastIsNamedWithWhatToDo()
    {
        var stack = new BareStack();
        foreach (var device in new[] { CPU, gpu })
        {
            var message = Assert.Throws<ArgumentException>(() => TrainingArithmetic.Check(Precision.Bf16, device, stack)).Message;
            Assert.Contains("bare", message);
            Assert.Contains("TensorStack=portable", message);
        }
    }

    /// <summary>libtorch lets cuDNN round to TF32 unless told otherwise: exact training has it off, and what was set is set again afterwards.</summary>
    [Theory]
    [InlineData(Precision.Float32, false)]
    [InlineData(Precision.Tf32, true)]
    [InlineData(Precision.Bf16, false)]
    public void Tf32IsSwitchedForTheTrainingAlone(Precision precision, bool allowed)
    {
        if (precision == Precision.Bf16) SkipWithoutAutocast();
        var before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        Assert.True(before.Item2);
        using (new TrainingArithmetic(precision, gpu, TensorStack.Current))
        {
            Assert.Equal((allowed, allowed), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
        }
        Assert.Equal(before, (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
    }

    [Fact]
    public void OnCudaProductsAreExactAndConvolutionsAreSearched()
    {
        var stack = TensorStack.Current;
        Assert.SkipUnless(stack.HasConvolutionSearch, "this stack cannot set how convolutions are chosen");
        var before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, stack.SearchesConvolutions);
        try
        {
            CudaDefaults.Apply(stack);
            Assert.Equal((false, false, true), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, stack.SearchesConvolutions));
        }
        finally
        {
            (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, stack.SearchesConvolutions) = before;
        }
        CudaDefaults.Apply(new BareStack());
        Assert.False(backends.cudnn.allow_tf32);
        backends.cudnn.allow_tf32 = before.Item2;
    }

    /// <summary>bfloat16 has 8 significant bits: each factor is off by 2^-9 of itself at most, the four layers' sums by a few times that.</summary>
    [Fact]
    public void LogitsInBf16AreFloat32OffByItsRounding()
    {
        SkipWithoutAutocast();
        using var scope = NewDisposeScope();
        using var model = Trained();
        using var batch = new BatchSource(Bands(12), [.. Enumerable.Range(0, 36)], CPU).All();
        using var arithmetic = new TrainingArithmetic(Precision.Bf16, CPU, TensorStack.Current);
        var (exact, narrow) = (model.call(batch.Images), arithmetic.Logits(model, batch.Images));
        Assert.Equal(ScalarType.Float32, narrow.dtype);
        var off = (exact - narrow).abs().max().ToDouble() / exact.abs().max().ToDouble();
        Assert.InRange(off, 1.0 / 4096, 1.0 / 32);
    }

    /// <summary>bfloat16 learns the bundled images as float32 does: 16 steps on 1,000 of them, after which the mean loss has halved; rounding moves it by a few hundredths.</summary>
    [Fact]
    public void TheLossFallsAlike()
    {
        SkipWithoutAutocast();
        var set = BundledData.FashionMnist(DataSplit.Train);
        var recipe = new TrainingOptions { Epochs = 2, BatchSize = 125 };
        IReadOnlyList<double> Losses(Precision precision)
        {
            using var model = ModelZoo.Create("cnn-s", new(10, 1, 28, 28, Normalisation.FashionMnist), seed: 4);
            var losses = Trainer.Train(model, set, [.. Enumerable.Range(0, 1000)], recipe with { Precision = precision }, new DrawSource(4), CPU, new Log(), TestContext.Current.CancellationToken);
            Assert.All(model.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
            return losses;
        }
        var (exact, narrow) = (Losses(Precision.Float32), Losses(Precision.Bf16));
        Assert.InRange(exact[1], 0, exact[0] / 1.5);
        Assert.InRange(narrow[1], 0, narrow[0] / 1.5);
        Assert.NotEqual(exact[1], narrow[1]);
        Assert.Equal(exact[1], narrow[1], 0.1 * exact[1]);
    }

    [Fact]
    public void TheSameSeedGivesTheSameBits()
    {
        SkipWithoutAutocast();
        string Print()
        {
            using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 2);
            Train(model, Recipe with { Precision = Precision.Bf16 });
            return Fingerprint(model);
        }
        Assert.Equal(Print(), Print());
    }

    /// <summary>One step from the same weights: that in bfloat16 goes the way of the one in float32, as far as batch norms over ten images of a few pixels let it, which enlarge every rounding.</summary>
    [Theory]
    [MemberData(nameof(EveryArchitectureTests.Kinds), MemberType = typeof(EveryArchitectureTests))]
    public void EveryArchitectureTakesAStepInBf16(string architecture, Form? form, int side)
    {
        SkipWithoutAutocast();
        using var scope = NewDisposeScope();
        using var original = ModelZoo.Create(architecture, new(Classes, 3, side, side, Normalisation.ImageNet, form), seed: 1);
        var pixels = new byte[12 * 3 * side * side];
        new Random(1).NextBytes(pixels);
        var set = new ImageSet("noise", pixels, [.. Enumerable.Range(0, 12).Select(i => i % Classes)], 3, side, side, ["a", "b", "c"]);
        // The last layer's bias: every image has its part in it, and dropout none.
        double[] StepOf(Precision precision)
        {
            using var outcome = new FineTuneMethod(new() { Epochs = 1, BatchSize = 10, LearningRate = 1e-3, WeightDecay = 0, Precision = precision }).Run(original, Task([0, 4], set: set), TestContext.Current.CancellationToken);
            var (name, bias) = outcome.Model.TrainableParameters()[^1];
            return Numbers(bias - original.state_dict()[name]);
        }
        var (exact, narrow) = (StepOf(Precision.Float32), StepOf(Precision.Bf16));
        var cosine = exact.Zip(narrow, (a, b) => a * b).Sum() / Math.Sqrt(exact.Sum(a => a * a) * narrow.Sum(b => b * b));
        Assert.InRange(cosine, 0.9, 1.000001);
    }

    [Fact]
    public void TorchScriptIsTunedInBf16()
    {
        SkipWithoutAutocast();
        using var scope = NewDisposeScope();
        using var own = Trained();
        using var twin = ScriptFiles.Twin(own);
        using var outcome = new FineTuneMethod(Recipe with { Epochs = 1, Precision = Precision.Bf16 }).Run(twin, Task([1, 4]), TestContext.Current.CancellationToken);
        Assert.InRange(outcome.Trace["loss"][0], 0, 1);
        Assert.NotEqual(Fingerprint(twin), Fingerprint(outcome.Model));
    }

    private static IReadOnlyList<double> Train(Classifier model, TrainingOptions options) =>
        Trainer.Train(model, Bands(12), [.. Enumerable.Range(0, 36)], options, new DrawSource(2), CPU, new Log(), TestContext.Current.CancellationToken);

    private static void SkipWithoutAutocast() => Assert.SkipUnless(TensorStack.Current.HasAutocast, "this stack has no autocast");

    /// <summary>A stack that can do nothing beyond TorchSharp's public API.</summary>
    private sealed class BareStack : ITensorStack
    {
        public string Name => "bare";

        public string LibtorchVersion => "";

        public string Location => "";

        public bool HasStreams => false;

        public bool HasAutocast => false;

        public bool HasConvolutionSearch => false;

        public bool SearchesConvolutions
        {
            get => throw new InvalidOperationException();
            set => throw new InvalidOperationException();
        }

        public long LiveTensors => 0;

        public IDisposable Autocast(Device device, ScalarType type) => throw new InvalidOperationException();

        public nint CurrentStream(int cudaDevice) => throw new InvalidOperationException();

        public nint DataPointer(Tensor tensor) => throw new InvalidOperationException();
    }
}
