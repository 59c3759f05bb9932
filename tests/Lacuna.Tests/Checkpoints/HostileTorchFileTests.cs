using Lacuna.Models.Checkpoints;
using static Lacuna.Tests.Checkpoints.TorchFiles;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Zip archives and legacy files that lie about what they hold.</summary>
public sealed class HostileTorchFileTests
{
    private static readonly byte[] Sound = Zip(SoundPickle, ("data/0", SoundData));

    [Fact]
    public void ACompressedEntryIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle, method: 8).Add("archive/data/0", SoundData).ToArray(), "archive/data.pkl", "compressed");

    [Fact]
    public void ABombOfAThousandfoldIsRefusedBeforeMemoryIsTaken() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).Add("archive/data/0", SoundData, stored: 12, length: 1u << 31).ToArray(), "2147483648 bytes");

    [Fact]
    public void AnEncryptedEntryIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle, flags: 1).ToArray(), "encrypted");

    [Fact]
    public void EntriesOverTheSameBytesAreRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).Add("archive/data/0", SoundData).Add("archive/data/1", SoundData, header: 0).ToArray(), "overlaps");

    [Fact]
    public void AnEntryIntoTheDirectoryIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).Add("archive/data/0", SoundData, stored: 40, length: 40).ToArray(), "overlaps");

    [Fact]
    public void AnEntryBeyondTheFileIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle, header: uint.MaxValue - 1).ToArray(), "claims");

    [Fact]
    public void TwoEntriesOfOneNameAreRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).Add("archive/data/0", SoundData).Add("archive/data/0", SoundData).ToArray(), "two entries 'archive/data/0'");

    [Fact]
    public void TwoPicklesAreRefused() =>
        Refuse(new ZipBuilder().Add("a/data.pkl", SoundPickle).Add("b/data.pkl", SoundPickle).ToArray(), "2 entries NAME/data.pkl");

    [Fact]
    public void AnArchiveWithoutPickleIsRefused() => Refuse(new ZipBuilder().Add("readme.txt", SoundData).ToArray(), "0 entries NAME/data.pkl");

    [Fact]
    public void ATorchScriptModuleIsRefusedWithAdvice() => Refuse(Zip(SoundPickle, ("constants.pkl", SoundData)), "TorchScript", "torch.jit.load");

    [Fact]
    public void ABigEndianArchiveIsRefused() => Refuse(Zip(SoundPickle, ("byteorder", "big"u8.ToArray()), ("data/0", SoundData)), "byte order 'big'");

    [Fact]
    public void AMissingStorageIsRefused() => Refuse(Zip(SoundPickle), "no entry 'archive/data/0'");

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void AStorageOfAnotherLengthIsRefused(int length) =>
        Refuse(Zip(SoundPickle, ("data/0", new byte[length])), "archive/data/0", $"{length} bytes", "12 bytes");

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void ADirectoryOfAnotherCountIsRefused(ushort count) =>
        Assert.Throws<CheckpointException>(() => Read(new ZipBuilder().Add("archive/data.pkl", SoundPickle).Add("archive/data/0", SoundData).ToArray(count)));

    [Fact]
    public void ADirectoryBehindItsEndIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).ToArray(directory: 1_000_000), "does not fit");

    [Fact]
    public void AZip64ArchiveWithoutItsRecordIsRefused() =>
        Refuse(new ZipBuilder().Add("archive/data.pkl", SoundPickle).ToArray(directory: uint.MaxValue), "zip64");

    // Places in the end of an archive all of whose offsets are in 64 bits: its record of 56 bytes, its locator of 20, the end record of 22.
    [Theory]
    [InlineData(98 - 32, long.MaxValue, "the zip directory")]
    [InlineData(98 - 32, 100_001, "the zip directory has 100001 entries")]
    [InlineData(98 - 32, 1_000, "the zip directory ends after 3 of 1000 entries")]
    [InlineData(98 - 40, long.MaxValue, "does not fit before its end record")]
    [InlineData(98 - 40, -1, "does not fit before its end record")]
    [InlineData(98 - 48, long.MaxValue, "does not fit before its end record")]
    [InlineData(98 - 48, 0, "the zip directory ends after 0 of 3 entries")]
    [InlineData(42 - 8, long.MaxValue, "no zip64 record")]
    [InlineData(42 - 8, 0, "no zip64 record")]
    [InlineData(98 + 8, long.MaxValue, "'archive/version' claims")]
    [InlineData(98 + 8, 0, "overlaps")]
    [InlineData(98 + 16, 1, "'archive/version' claims")]
    [InlineData(98 + 24, long.MaxValue, "'archive/version' claims")]
    public void AZip64ArchiveThatLiesIsRefused(int fromEnd, long lie, string word)
    {
        using var file = new MemoryStream();
        var writer = new StoredZipWriter(file, zip64From: 0);
        writer.Add("archive/data.pkl", SoundPickle);
        writer.Add("archive/data/0", SoundData);
        writer.Add("archive/version", "3\n"u8);
        writer.Finish();
        byte[] bytes = file.ToArray();
        Assert.Equal([1, 2, 3], Elements.Of(Read(bytes).Find("w")!));
        BitConverter.GetBytes(lie).CopyTo(bytes, bytes.Length - fromEnd);

        Refuse(bytes, word);
    }

    [Fact]
    public void ATruncatedArchiveIsRefusedWhereverItEnds()
    {
        for (int length = 4; length < Sound.Length; length++)
        {
            Assert.Throws<CheckpointException>(() => Read(Sound[..length]));
        }
    }

    [Fact]
    public void ATruthValueOfTwoIsRefused()
    {
        byte[] pickle = new PickleBuilder().Op("}").Text("b").Global("torch._utils", "_rebuild_tensor").Op('(')
            .Storage("0", 3, "BoolStorage").Int(0).Ints(3).Ints(1).Op("tRs.").ToArray();

        Refuse(Zip(pickle, ("data/0", [0, 1, 2])), "'b'", "truth value 2 at element 2");
        Assert.Equal([0, 1, 1], Elements.Of(Read(Zip(pickle, ("data/0", [0, 1, 1]))).Find("b")!));
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreReadAndNamed()
    {
        CheckpointFile file = Read(Zip(SoundPickle, ("data/0", Floats(1, float.NaN, 3))));

        Assert.Equal(["w"], file.KeysWithNonFinite);
    }

    [Fact]
    public void ALegacyFileIsReadWithViewsAndLeftOutStorages()
    {
        byte[] pickle = new PickleBuilder().Op("}(").Text("optimizer").Op("}").Int(0).Tensor("9", 2, 0, [2], [1]).Op('s')
            .Text("state_dict").Op("}").Text("w")
            .Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch", "FloatStorage").Text("7").Text("cuda:0").Int(4)
            .Op('(').Text("view").Int(1).Int(3).Op("ttQ")
            .Int(1).Ints(2).Ints(1).Op("tRsu.").ToArray();

        CheckpointFile file = Read(Legacy(pickle, ("9", 2, Floats(8, 9)), ("7", 4, Floats(1, 2, 3, 4))));

        Assert.Equal(["w"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([3, 4], Elements.Of(file.Tensors[0]));
    }

    [Fact]
    public void ALegacyViewBeyondItsStorageIsRefused()
    {
        byte[] pickle = new PickleBuilder().Op('(').Text("storage").Global("torch", "FloatStorage").Text("7").Text("cpu").Int(4)
            .Op('(').Text("view").Int(2).Int(3).Op("ttQ.").ToArray();

        Refuse(Legacy(pickle, ("7", 4, Floats(1, 2, 3, 4))), "view of storage '7'");
    }

    [Fact]
    public void ALegacyStorageOfAnotherCountIsRefused() => Refuse(Legacy(SoundPickle, ("0", 2, SoundData)), "declares 2 elements", "says 3");

    [Fact]
    public void ALegacyFileWithoutItsStorageIsRefused() => Refuse(Legacy(SoundPickle, [], []), "0 of 1 keys");

    [Fact]
    public void ALegacyFileWithAnUnknownStorageIsRefused() =>
        Refuse(Legacy(SoundPickle, ("0", 3, SoundData), ("1", 3, SoundData)), "'1'", "belongs to no tensor");

    [Fact]
    public void ALegacyFileWithAStorageTwiceIsRefused() =>
        Refuse(Legacy(SoundPickle, ("0", 3, SoundData), ("0", 3, SoundData)), "'0'", "twice");

    [Fact]
    public void ALegacyFileThatGoesOnIsRefused() =>
        Refuse([.. Legacy(SoundPickle, ("0", 3, SoundData)), 0], "goes on for 1 bytes");

    [Fact]
    public void ABigEndianLegacyFileIsRefused() =>
        Refuse(Legacy(SoundPickle, ["0"], [("0", 3, SoundData)], littleEndian: false), "little-endian");

    [Fact]
    public void ATruncatedLegacyFileIsRefusedWhereverItEnds()
    {
        byte[] sound = Legacy(SoundPickle, ("0", 3, SoundData));
        Assert.Equal([1, 2, 3], Elements.Of(Read(sound).Find("w")!));
        for (int length = 0; length < sound.Length; length++)
        {
            Assert.Throws<CheckpointException>(() => Read(sound[..length]));
        }
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1", "Git LFS")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("", "empty")]
    [InlineData("something else altogether", "neither safetensors nor a PyTorch file")]
    public void AnUnknownFileIsRefusedWithAdvice(string content, string advice) =>
        Refuse(System.Text.Encoding.UTF8.GetBytes(content), advice);

    [Fact]
    public void AMissingFileIsNamed()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<CheckpointException>(() => CheckpointReader.Read(folder.File("none.pt")));

        Assert.Contains("none.pt", refusal.Message);
        Assert.Contains("cannot be opened", refusal.Message);
    }
}
