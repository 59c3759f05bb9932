using System.IO.Compression;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Files written for torch.load: against the bytes of torch.save, against .NET's zip reader, and in PyTorch itself where it is.</summary>
public sealed class PyTorchWriterTests
{
    private static readonly Dictionary<string, string> Metadata = new() { ["lacuna.architecture"] = "größe \"x\"", ["a"] = "1" };

    [Fact]
    public void ThePickleIsTheOneThatPyTorchWrites()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.pt");
        PyTorchFile.Write(path, Fixtures.Read("plain.zip.pt").Tensors, Metadata);

        using var theirs = new ZipArchive(new MemoryStream(Fixtures.Bytes("plain.zip.pt")));
        using ZipArchive ours = ZipFile.OpenRead(path);

        Assert.Equal(Content(theirs, "plain.zip/data.pkl"), Content(ours, "archive/data.pkl"));
        Assert.Equal(Content(theirs, "plain.zip/version"), Content(ours, "archive/version"));
        Assert.Equal(theirs.Entries.Count + 2, ours.Entries.Count);
        foreach (ZipArchiveEntry entry in theirs.Entries.Where(entry => entry.FullName.Contains("/data/")))
        {
            Assert.Equal(Content(theirs, entry.FullName), Content(ours, entry.FullName.Replace("plain.zip", "archive")));
        }
    }

    [Fact]
    public void EveryStorageLiesOnABoundaryOf64Bytes()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.pt");
        CheckpointTensor[] tensors = [.. Enumerable.Range(0, 20).Select(i => new CheckpointTensor(new string('n', i + 1), ElementType.F32, [3], TorchFiles.Floats(i + 0.125f, 7, 7)))];
        PyTorchFile.Write(path, tensors);

        byte[] file = File.ReadAllBytes(path);

        Assert.All(tensors, tensor => Assert.Equal(0, file.AsSpan().IndexOf(tensor.Bytes.Span) % 64));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1000)]
    [InlineData(0)]
    public void WhatIsWrittenIsReadWithItsMetadata(long zip64From)
    {
        CheckpointFile written = Fixtures.Read("plain.zip.pt");
        using var file = new MemoryStream();
        TorchZipWriter.Write(new StoredZipWriter(file, zip64From), written.Tensors, Metadata);

        CheckpointFile read = CheckpointReader.Read(file, "x.pt");

        Same(written.Tensors, read.Tensors);
        Assert.Equal(Metadata.OrderBy(pair => pair.Key), read.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(CheckpointFormat.PyTorchZip, read.Format);
        using var zip = new ZipArchive(file);
        Assert.All(zip.Entries, entry => Assert.NotNull(Content(zip, entry.FullName)));
    }

    [Fact]
    public void AThousandAndOneTensorsAreSetInTwoGoesAsPythonDoes()
    {
        CheckpointTensor[] many = [.. Enumerable.Range(0, 1001).Select(i => new CheckpointTensor($"w{i}", ElementType.U8, [], new byte[] { (byte)i }))];

        Assert.Equal("s."u8.ToArray(), PickleWriter.StateDict(many)[^2..]);
        using var file = new MemoryStream();
        TorchZipWriter.Write(new StoredZipWriter(file), many, null);
        Same(many, CheckpointReader.Read(file, "x.pt").Tensors);
    }

    [Fact]
    public void AWriteThatFailsLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("x.pt", "old");
        var tensor = new CheckpointTensor("a", ElementType.F32, [1], new byte[4]);

        Assert.Throws<ArgumentException>(() => PyTorchFile.Write(path, [tensor, tensor]));
        Assert.Throws<ArgumentException>(() => PyTorchFile.Write(path, [tensor with { Shape = [2] }]));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void MetadataThatIsNoObjectOfTextsIsRefused()
    {
        TorchFiles.Refuse(TorchFiles.Zip(TorchFiles.SoundPickle, ("data/0", TorchFiles.SoundData), ("lacuna.json", "[1]"u8.ToArray())), "archive/lacuna.json", "texts");
        TorchFiles.Refuse(TorchFiles.Zip(TorchFiles.SoundPickle, ("data/0", TorchFiles.SoundData), ("lacuna.json", "{\"a\":1}"u8.ToArray())), "archive/lacuna.json");
        TorchFiles.Refuse(TorchFiles.Zip(TorchFiles.SoundPickle, ("data/0", TorchFiles.SoundData), ("lacuna.json", new byte[(1 << 20) + 1])), "metadata", "1048577");
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1000)]
    public void PyTorchLoadsItWithoutTrustingIt(long zip64From)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.pt");
        using (FileStream file = File.Create(path))
        {
            TorchZipWriter.Write(new StoredZipWriter(file, zip64From), Fixtures.Read("plain.zip.pt").Tensors, Metadata);
        }

        // Also what Python's own zip reader thinks of the checksums.
        string said = Python.Run("""
            import sys, zipfile, torch
            ours, theirs = (torch.load(path, weights_only=True) for path in sys.argv[1:3])
            assert list(ours) == list(theirs), (list(ours), list(theirs))
            for name in theirs:
                assert ours[name].dtype == theirs[name].dtype and ours[name].shape == theirs[name].shape and ours[name].stride() == theirs[name].stride(), name
                assert torch.equal(ours[name], theirs[name]), name
            assert zipfile.ZipFile(sys.argv[1]).testzip() is None
            print("same", len(ours))
            """, path, folder.Write("theirs.pt", Fixtures.Bytes("plain.zip.pt")));

        Assert.Equal("same 23", said.Trim());
    }

    private static byte[] Content(ZipArchive zip, string name)
    {
        using Stream entry = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Same(IReadOnlyList<CheckpointTensor> expected, IReadOnlyList<CheckpointTensor> actual)
    {
        Assert.Equal(expected.Select(tensor => tensor.Name), actual.Select(tensor => tensor.Name));
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.Type, pair.Second.Type);
            Assert.Equal(pair.First.Shape, pair.Second.Shape);
            Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span), pair.First.Name);
        });
    }
}
