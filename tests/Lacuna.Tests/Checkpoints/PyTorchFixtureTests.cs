using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Files that PyTorch wrote (Fixtures/make_fixtures.py), read without it.</summary>
public sealed class PyTorchFixtureTests
{
    [Theory]
    [InlineData("types.zip.pt")]
    [InlineData("types.legacy.pt")]
    public void EveryTypeAndViewIsReadAsPyTorchMeantIt(string fixture)
    {
        CheckpointFile file = Fixtures.Read(fixture);

        double[] ramp = Ramp(6, -2, 0.5);
        Check(file, "f16", ElementType.F16, [2, 3], ramp);
        Check(file, "bf16", ElementType.BF16, [2, 3], ramp);
        Check(file, "f32", ElementType.F32, [2, 3], ramp);
        Check(file, "f64", ElementType.F64, [2, 3], ramp);
        Check(file, "i8", ElementType.I8, [5], -2, -1, 0, 1, 2);
        Check(file, "u8", ElementType.U8, [5], 250, 251, 252, 253, 254);
        Check(file, "i16", ElementType.I16, [5], Ramp(5, -300, 100));
        Check(file, "i32", ElementType.I32, [5], Ramp(5, -70000, 30000));
        Check(file, "i64", ElementType.I64, [5], Ramp(5, -5e9, 3e9));
        Check(file, "bool", ElementType.BOOL, [3], 1, 0, 1);
        Check(file, "scalar", ElementType.I64, [], 7);
        Check(file, "empty", ElementType.F32, [0, 3]);
        Check(file, "transposed", ElementType.F32, [3, 2], -2, -0.5, -1.5, 0, -1, 0.5);
        Check(file, "strided", ElementType.F32, [5], Ramp(5, -0.5, 2));
        Check(file, "expanded", ElementType.F64, [2, 3], -2, -1.5, -1, -2, -1.5, -1);
        Check(file, "shared_a", ElementType.F32, [3], -1, -0.5, 0);
        Check(file, "shared_b", ElementType.F32, [4], 0, 0.5, 1, 1.5);
        Check(file, "parameter", ElementType.F32, [2, 2], Ramp(4, -2, 0.5));
        Assert.Equal(18, file.Tensors.Count);
        Assert.Equal("f16", file.Tensors[0].Name);
        Assert.Empty(file.KeysWithNonFinite);
    }

    [Theory]
    [InlineData("training.zip.pt")]
    [InlineData("training.legacy.pt")]
    public void TheStateDictOfATrainingScriptIsFoundAndItsPrefixTakenOff(string fixture)
    {
        CheckpointFile file = Fixtures.Read(fixture);

        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "3.weight", "3.bias"],
            file.Tensors.Select(tensor => tensor.Name));
        Check(file, "0.weight", ElementType.F32, [2, 1, 3, 3], Ramp(18, -2, 0.5));
        Check(file, "1.num_batches_tracked", ElementType.I64, [], -2);
        Check(file, "3.weight", ElementType.F32, [2, 2], Ramp(4, -2, 0.5));
        Assert.Equal(
            [new("arch", "tiny"), new("best_prec1", "91.25"), new("epoch", "3"), new("resumed", "true")],
            file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nested.zip.pt", CheckpointFormat.PyTorchZip)]
    [InlineData("nested.legacy.pt", CheckpointFormat.PyTorchLegacy)]
    public void AStateDictTwoDictsDeepUnderTwoMarksIsFoundBesideWhatScriptsSave(string fixture, CheckpointFormat format)
    {
        CheckpointFile file = Fixtures.Read(fixture);

        Assert.Equal(format, file.Format);
        Assert.Equal(Fixtures.Read("plain.zip.pt").Tensors.Select(tensor => tensor.Name), file.Tensors.Select(tensor => tensor.Name));
        Check(file, "layer2.weight", ElementType.F32, [2, 1, 3, 1], Ramp(6, 0, 1));
        Check(file, "void", ElementType.F32, [1L << 31, 0, 1 << 15]);
        Assert.Equal([new("best", "93.5"), new("steps", "7")], file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("types")]
    [InlineData("plain")]
    [InlineData("nested")]
    [InlineData("training")]
    public void BothFormsHoldTheSame(string fixture)
    {
        CheckpointFile zip = Fixtures.Read($"{fixture}.zip.pt");
        CheckpointFile legacy = Fixtures.Read($"{fixture}.legacy.pt");

        Assert.All(zip.Tensors.Zip(legacy.Tensors), pair =>
        {
            Assert.Equal(pair.First.Name, pair.Second.Name);
            Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span), pair.First.Name);
        });
    }

    [Fact]
    public void ThePublicResNet20CheckpointIsRead()
    {
        CheckpointFile file = CheckpointReader.Read(SharedData.Require("reference/resnet20-cifar10.th"));

        Assert.Equal(97, file.Tensors.Count);
        Assert.All(file.Tensors, tensor => Assert.Equal(ElementType.F32, tensor.Type));
        Assert.Equal([16, 3, 3, 3], file.Find("conv1.weight")!.Shape);
        Assert.Equal([64, 64, 3, 3], file.Find("layer3.2.conv2.weight")!.Shape);
        Assert.Equal([10, 64], file.Find("linear.weight")!.Shape);
        // 19 convolutions without bias, their batch norms' weight and bias, and the linear layer: 269,722 weights, as published.
        Assert.Equal(269_722, file.Tensors.Where(tensor => !tensor.Name.Contains("running")).Sum(tensor => tensor.Bytes.Length / 4));
        Assert.Empty(file.KeysWithNonFinite);
        Assert.Contains("best_prec1", file.Metadata.Keys);
    }

    [Fact]
    public void TheReferenceValuesAreRead()
    {
        CheckpointFile file = CheckpointReader.Read(SharedData.Require("reference/resnet20-cifar10.safetensors"));

        Assert.Equal([32, 3, 32, 32], file.Find("x")!.Shape);
        Assert.Equal([32, 10], file.Find("logits")!.Shape);
        Assert.Empty(file.KeysWithNonFinite);
    }

    private static void Check(CheckpointFile file, string name, ElementType type, long[] shape, params double[] expected)
    {
        CheckpointTensor tensor = file.Find(name)!;
        Assert.Equal(type, tensor.Type);
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(expected, Elements.Of(tensor));
    }

    private static double[] Ramp(int count, double begin, double step) => [.. Enumerable.Range(0, count).Select(i => begin + i * step)];
}
