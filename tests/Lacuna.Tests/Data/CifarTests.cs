using System.Formats.Tar;
using System.IO.Compression;
using Lacuna.Data;
using Lacuna.Data.Cifar;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Data;

/// <summary>CIFAR's published forms: binary as its page describes it, Python as Python wrote it (Fixtures/make_cifar.py), in folders and archives.</summary>
public sealed class CifarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("above")]
    [InlineData("archive")]
    [InlineData("python archive")]
    [InlineData("python folder")]
    public void EveryFormOfCifar10HoldsTheSameImages(string form)
    {
        var (train, test) = Ten(form);

        Assert.Equal([.. Enumerable.Range(0, 10)], train.Labels.ToArray());
        Assert.Equal([3, 8], test.Labels.ToArray());
        Assert.Equal(CifarNames.Ten, train.ClassNames);
        Assert.Equal((10, 3, 32, 32), (train.Count, train.Channels, train.Height, train.Width));
        for (var i = 0; i < 10; i++) Assert.Equal(CifarFiles.Pixels(i), train.Image(i).ToArray());
        Assert.Equal(CifarFiles.Pixels(101), test.Image(1).ToArray());
        if (form.StartsWith("python", StringComparison.Ordinal)) Assert.Equal("automobile_s_000000.png", train.Details.Files![1]);
        else Assert.Null(train.Details.Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cifar100HasFineClassesOrCoarseOnesWithSubClasses(bool python)
    {
        var path = python ? Fixture("cifar-100-python.tar.gz") : CifarFiles.Write(_folder, "hundred", CifarFiles.Hundred());

        var fine = CifarDataset.TryLoad(path, null)!;
        Assert.Equal([70, 92, 13], fine.Train.Labels.ToArray());
        Assert.Equal((100, python ? "fine70" : "rose"), (fine.Train.ClassCount, fine.Train.ClassNames[70]));
        Assert.Equal("cifar100-test", fine.Test.Name);

        var (train, test) = CifarDataset.TryLoad(path, CifarLabels.Coarse)!;
        Assert.Equal([2, 2, 18], train.Labels.ToArray());
        Assert.Equal([70, 92, 13], train.Details.SubLabels);
        Assert.Equal([70, 13], test.Details.SubLabels);
        Assert.Equal((20, python ? "coarse02" : "flowers"), (train.ClassCount, train.ClassNames[2]));
        Assert.Equal(python ? "fine92" : "tulip", train.Details.SubNames[92]);
        Assert.Equal(CifarFiles.Pixels(1), train.Image(1).ToArray());
        Assert.Equal(CifarFiles.Pixels(51), test.Image(1).ToArray());
    }

    [Fact]
    public void NamesComeFromTheMetaFiles()
    {
        var folder = CifarFiles.Write(_folder, "ten", CifarFiles.Ten());
        File.WriteAllText(Path.Combine(folder, "batches.meta.txt"), string.Join('\n', Enumerable.Range(0, 10).Select(i => $"c{i}")) + "\n\n");
        Assert.Equal("c9", CifarDataset.TryLoad(folder, null)!.Train.ClassNames[9]);

        var hundred = CifarFiles.Write(_folder, "hundred", CifarFiles.Hundred());
        File.WriteAllLines(Path.Combine(hundred, "fine_label_names.txt"), Enumerable.Range(0, 100).Select(i => $"f{i}"));
        File.WriteAllLines(Path.Combine(hundred, "coarse_label_names.txt"), Enumerable.Range(0, 20).Select(i => $"k{i}"));
        var train = CifarDataset.TryLoad(hundred, CifarLabels.Coarse)!.Train;
        Assert.Equal(("k2", "f70"), (train.ClassNames[2], train.Details.SubNames[70]));
        // The built-in names are in alphabetical order, as those of the published files are.
        Assert.Equal(CifarNames.Fine, CifarNames.Fine.Order(StringComparer.Ordinal));
        Assert.Equal((100, 20), (CifarNames.Fine.Count, CifarNames.Coarse.Count));
    }

    [Theory]
    [InlineData("data_batch_2.bin", 3072, "record 0 at offset 0 is cut")]
    [InlineData("data_batch_2.bin", 3074, "record 1 at offset 3073 is cut")]
    [InlineData("test_batch.bin", 6145, "record 1 at offset 3073 is cut")]
    [InlineData("test_batch.bin", 0, "it is empty")]
    public void AFileThatIsNoWholeNumberOfRecordsIsRefused(string name, int length, string words)
    {
        var files = CifarFiles.Ten();
        files[name] = files[name][..length];
        Refuses(files, name, $"has {length} bytes", words, "Download it again");
    }

    [Fact]
    public void ALabelOutsideIsRefusedWithFileAndOffset()
    {
        var ten = CifarFiles.Ten();
        ten["data_batch_4.bin"][3073] = 10;
        Refuses(ten, "data_batch_4.bin", "label 10 at offset 3073 (image 1), but there are 10 classes");

        var hundred = CifarFiles.Hundred();
        hundred["train.bin"][1] = 100;
        Refuses(hundred, "train.bin", "label 100 at offset 1 (image 0), but there are 100 classes");
        hundred["train.bin"][1] = 0;
        hundred["train.bin"][2 * 3074] = 20;
        Refuses(hundred, "train.bin", "label 20 at offset 6148 (image 2), but there are 20 classes");
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var files = CifarFiles.Ten();
        files.Remove("data_batch_3.bin");
        files.Remove("test_batch.bin");
        Refuses(files, "CIFAR-10, binary", "data_batch_3.bin, test_batch.bin");
        Assert.Null(CifarDataset.TryLoad(CifarFiles.Write(_folder, "none", []), null));
    }

    [Fact]
    public void FoldersNamedTrainAndTestAreNotCifar100()
    {
        Directory.CreateDirectory(_folder.File("photos/train"));
        Directory.CreateDirectory(_folder.File("photos/test"));
        Assert.Null(CifarDataset.TryLoad(_folder.File("photos"), null));
    }

    [Fact]
    public void NamesInAnArchiveReachNoFurtherThanTheArchive()
    {
        var files = CifarFiles.Ten();
        var hostile = files.ToDictionary(file => "../../../" + file.Key, file => file.Value);
        hostile["/etc/passwd"] = [1];
        hostile["../escaped.txt"] = [1];
        Directory.CreateDirectory(_folder.File("inner"));
        var path = _folder.Write("inner/hostile.tar.gz", CifarFiles.Archive(hostile));

        Assert.Equal(10, CifarDataset.TryLoad(path, null)!.Train.Count);
        Assert.Equal([path], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void ADamagedArchiveIsRefused()
    {
        var archive = CifarFiles.Archive(CifarFiles.Ten());
        RefusesArchive(archive[..(archive.Length / 2)], "truncated: download it again");
        RefusesArchive([.. archive[..10], .. Enumerable.Repeat((byte)0xff, 200)], "no whole tar archive");
        RefusesArchive(IdxFiles.Gzip([.. Enumerable.Repeat((byte)'x', 2000)]), "no whole tar archive");
        RefusesArchive(CifarFiles.Archive([.. CifarFiles.Ten(), new("b/test_batch.bin", [1])]), "two files called test_batch.bin");
        Assert.Null(CifarDataset.TryLoad(_folder.Write("a.tar.gz", CifarFiles.Archive([new("readme", [1])])), null));
    }

    /// <summary>A header of 512 bytes (POSIX ustar) may declare any length; nothing is taken for it before the bytes are there.</summary>
    [Theory]
    [InlineData(false, 0x1_ffff_ffff, "more than 4 GiB")]
    [InlineData(true, 0x1_ffff_ffff, "more than 4 GiB")]
    [InlineData(false, 0x4000_0000, "declares 1073741824 bytes")]
    [InlineData(true, 0x4000_0000, "declares 1073741824 bytes")]
    [InlineData(true, 0x1000_0000, "truncated")]
    public void ADeclaredLengthThatIsNotThereCostsNothing(bool compressed, long length, string words)
    {
        var header = new byte[1024];
        "cifar/data_batch_1.bin"u8.CopyTo(header);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(length, 8).PadLeft(11, '0')).CopyTo(header, 124);
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        header[156] = (byte)'0';
        header.AsSpan(148, 8).Fill((byte)' ');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(header.Take(512).Sum(b => b), 8).PadLeft(6, '0') + "\0").CopyTo(header, 148);
        var before = GC.GetAllocatedBytesForCurrentThread();

        RefusesArchive(compressed ? IdxFiles.Gzip(header) : header, words);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void PicklesOfSomethingElseAreRefused()
    {
        var folder = _folder.File("py");
        Unpack("cifar-10-python.tar.gz", folder);
        var batch = Path.Combine(folder, "cifar-10-batches-py/data_batch_1");
        var sound = File.ReadAllBytes(batch);

        var at = sound.AsSpan().IndexOf("U\x06labels"u8);
        File.WriteAllBytes(batch, [.. sound[..at], .. "U\x06lebals"u8, .. sound[(at + 8)..]]);
        Assert.Contains("no 'labels'", Assert.Throws<CheckpointException>(() => CifarDataset.TryLoad(folder, null)).Message);
        File.WriteAllBytes(batch, sound[..^100]);
        Assert.Contains(batch, Assert.Throws<CheckpointException>(() => CifarDataset.TryLoad(folder, null)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private ImagePair Ten(string form)
    {
        var path = form switch
        {
            "folder" => CifarFiles.Write(_folder, "ten", CifarFiles.Ten()),
            "above" => Path.GetDirectoryName(CifarFiles.Write(_folder, "cifar-10-batches-bin", CifarFiles.Ten()))!,
            "archive" => _folder.Write("ten.tar.gz", CifarFiles.Archive(CifarFiles.Ten(), "cifar-10-batches-bin/")),
            "python archive" => Fixture("cifar-10-python.tar.gz"),
            _ => Unpack("cifar-10-python.tar.gz", _folder.File("py")),
        };
        return CifarDataset.TryLoad(path, null)!;
    }

    private string Fixture(string name)
    {
        using var resource = typeof(CifarTests).Assembly.GetManifestResourceStream("Data." + name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return _folder.Write(name, bytes.ToArray());
    }

    private string Unpack(string name, string folder)
    {
        Directory.CreateDirectory(folder);
        using var gzip = new GZipStream(File.OpenRead(Fixture(name)), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, folder, overwriteFiles: true);
        return folder;
    }

    private void Refuses(Dictionary<string, byte[]> files, params string[] words)
    {
        Directory.CreateDirectory(_folder.File("refused"));
        Directory.Delete(_folder.File("refused"), recursive: true);
        var folder = CifarFiles.Write(_folder, "refused", files);
        var refusal = Assert.Throws<DataFileException>(() => CifarDataset.TryLoad(folder, null));
        Assert.StartsWith(folder, refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message));
    }

    private void RefusesArchive(byte[] content, string words)
    {
        var path = _folder.Write("refused.tar.gz", content);
        var refusal = Assert.Throws<DataFileException>(() => CifarDataset.TryLoad(path, null));
        Assert.StartsWith(path, refusal.Message);
        Assert.Contains(words, refusal.Message);
    }
}
