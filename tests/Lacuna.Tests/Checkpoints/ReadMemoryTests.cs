using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>What reading a large sound file takes: at most twice its size and a constant, all allocations counted, also those already freed.</summary>
public sealed class ReadMemoryTests
{
    private const long Constant = 2 << 20;

    private static readonly CheckpointTensor[] Hundred =
        [.. Enumerable.Range(0, 25).Select(i => new CheckpointTensor($"layer{i}.weight", ElementType.F32, [1024, 1024], new byte[4 << 20]))];

    [Theory]
    [InlineData("x.safetensors")]
    [InlineData("x.pt")]
    public void ACheckpointOfAHundredMegabytes(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        CheckpointWriter.Write(path, Hundred);

        Assert.Equal(25, Within(new FileInfo(path).Length, () => CheckpointReader.Read(path)).Tensors.Count);
    }

    [Fact]
    public void ALegacyCheckpoint()
    {
        var data = new byte[40_000_000];
        byte[] file = TorchFiles.Legacy(TorchFiles.OneTensor("w", 10_000_000, 0, [10_000_000], [1]), ("0", 10_000_000, data));

        // The pickles are looked for in the first 16 MiB.
        Assert.Single(Within(file.Length, () => CheckpointReader.Read(new MemoryStream(file), "x")).Tensors);
    }

    /// <summary>Bytes that protocol 2 writes as text, half of them in two bytes each.</summary>
    [Fact]
    public void AnArrayWrittenAsText()
    {
        const int Length = 20_000_000;
        PickleBuilder pickle = new PickleBuilder().Op("}").Text("data").Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Ints(0).Text("b").Raw(0x87).Op("R(")
            .Int(1).Ints(Length).Global("numpy", "dtype").Text("u1").Raw(0x85).Op("R").Raw(0x89)
            .Global("_codecs", "encode").Text(string.Create(Length, 0, (letters, _) => letters.Fill('\u00e9'))).Text("latin1").Raw(0x86).Op("Rtbs.");
        byte[] file = pickle.ToArray();

        PickleArrays read = Within(file.Length, () => PickleArrays.Read(new MemoryStream(file), "x"));

        Assert.Equal([Length], read.Array("data").Shape);
        Assert.False(read.Array("data").Bytes.Span.ContainsAnyExcept((byte)0xe9));
    }

    /// <summary>As many opcodes as are read of each kind that makes something.</summary>
    [Theory]
    [InlineData("}")]
    [InlineData("]")]
    [InlineData("N\u0085")]
    [InlineData("NNN\u0087")]
    [InlineData("(t")]
    [InlineData("J\u0001\u0001\u0001\u0001")]
    [InlineData("G\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001")]
    [InlineData("X\u0001\0\0\0a")]
    [InlineData("C\u0001a")]
    [InlineData("}N\u0094")]
    [InlineData("]Na")]
    [InlineData("}K\u0001Ns")]
    [InlineData("ccollections\nOrderedDict\n)R")]
    [InlineData("cnumpy\ndtype\nX\u0002\0\0\0f8\u0085R")]
    public void AMillionOpcodesTakeAtMost128MiB(string opcodes)
    {
        byte[] pickle = new PickleBuilder().Op(string.Concat(Enumerable.Repeat(opcodes, Math.Min(1_000_001, (16 << 20) / opcodes.Length)))).ToArray();
        byte[] file = TorchFiles.Zip(pickle);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<CheckpointException>(() => CheckpointReader.Read(new MemoryStream(file), "x"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2L * file.Length) + (128 << 20));
    }

    private static T Within<T>(long fileLength, Func<T> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T result = read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, fileLength / 2, (2 * fileLength) + Constant);
        return result;
    }
}
