using System.Text;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    private static readonly CheckpointTensor[] Tensors =
    [
        new("b.weight", ElementType.F32, [2, 2], TorchFiles.Floats(1, 2, 3, 4)),
        new("a", ElementType.I64, [], BitConverter.GetBytes(7L)),
        new("none", ElementType.F16, [0, 3], ReadOnlyMemory<byte>.Empty),
        new("größe \"x\"", ElementType.BOOL, [3], new byte[] { 1, 0, 1 }),
    ];

    [Fact]
    public void WhatIsWrittenIsReadInTheSameOrder()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");

        SafetensorsFile.Write(path, Tensors, new Dictionary<string, string> { ["z"] = "1", ["arch"] = "cnn-s" });
        CheckpointFile file = CheckpointReader.Read(path);

        Assert.Equal(Tensors.Select(tensor => tensor.Name), file.Tensors.Select(tensor => tensor.Name));
        Assert.All(Tensors.Zip(file.Tensors), pair =>
        {
            Assert.Equal(pair.First.Type, pair.Second.Type);
            Assert.Equal(pair.First.Shape, pair.Second.Shape);
            Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span));
        });
        Assert.Equal([new("arch", "cnn-s"), new("z", "1")], file.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    /// <summary>The bytes that the format's own page prescribes, spelt out.</summary>
    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");

        SafetensorsFile.Write(path, Tensors[..2], new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" });

        string header = """{"__metadata__":{"a":"2","z":"1"},"b.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"a":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. TorchFiles.Floats(1, 2, 3, 4), .. BitConverter.GetBytes(7L)];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public void AWriteThatFailsLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("x.safetensors", "old");

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [Tensors[0], Tensors[0]]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [Tensors[0] with { Shape = [5] }]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [Tensors[0] with { Name = "__metadata__" }]));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    // Per type the largest finite number, an infinity and a NaN, little-endian.
    [Theory]
    [InlineData(ElementType.F16, "FF7B", "007C", "01FC")]
    [InlineData(ElementType.BF16, "7F7F", "807F", "C0FF")]
    [InlineData(ElementType.F32, "FFFF7F7F", "000080FF", "0100807F")]
    [InlineData(ElementType.F64, "FFFFFFFFFFFFEF7F", "000000000000F0FF", "010000000000F07F")]
    public void InfinitiesAndNaNsAreFound(ElementType type, string largest, string infinity, string nan)
    {
        var file = new CheckpointFile(
            [
                new("finite", type, [1], Convert.FromHexString(largest)),
                new("infinite", type, [2], Convert.FromHexString(largest + infinity)),
                new("nan", type, [2], Convert.FromHexString(nan + largest)),
                new("integer", ElementType.U8, [largest.Length / 2], Convert.FromHexString(nan)),
            ],
            new Dictionary<string, string>());

        Assert.Equal(["infinite", "nan"], file.KeysWithNonFinite);
    }
}
