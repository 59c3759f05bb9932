using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Cli;

/// <summary>Files that are missing, damaged or of something else: exit code 1 or 2, and a line that names file, problem and remedy.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ErrorTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Fact]
    public void MissingFilesAreNamed()
    {
        trained.Evaluate("gone.safetensors", "--forget", "class:1").Refuses(1, "gone.safetensors", "cannot be opened");
        trained.Evaluate(trained.Checkpoint, "--forget", "indices:gone.txt").Refuses(1, "gone.txt", "cannot be read");
        trained.Evaluate(trained.Checkpoint, "--split", "gone").Refuses(1, "split.json", "forget.txt and retain.txt");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--forget-vector", "gone.v").Refuses(1, "gone.v");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--oracle", "gone.o").Refuses(1, "gone.o");
        Said.By("verify", "--checkpoint", trained.Checkpoint, "--reference", "gone.r").Refuses(1, "gone.r");
    }

    [Fact]
    public void WrongDataIsNamed()
    {
        using var folder = new TemporaryFolder();
        Said.By("train", "--out", folder.File("run"), "--data", folder.Path).Refuses(1, folder.Path, "holds no data that is known", "train-images-idx3-ubyte[.gz]", "data_batch_1.bin", "train/CLASS/*.jpg");

        var data = TinySet.Write(folder, "cut");
        var images = folder.File("cut/train-images-idx3-ubyte");
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..100]);
        Said.By("train", "--out", folder.File("run"), "--data", data).Refuses(1, images, "truncated");

        TinySet.Write(folder, "cut");
        folder.Write("cut/t10k-images-idx3-ubyte", Tests.Data.IdxFiles.Images(30, 12, 12));
        Said.By("train", "--out", folder.File("run"), "--data", data).Refuses(1, data, "training images of 8x8 but test images of 12x12");

        TinySet.Write(folder, "cut");
        folder.Write("cut/train-labels-idx1-ubyte", Tests.Data.IdxFiles.Labels([.. Enumerable.Repeat((byte)11, 60)]));
        Said.By("train", "--out", folder.File("run"), "--data", data).Refuses(1, "label 11 at offset 8");
        Assert.False(Path.Exists(folder.File("run")));
    }

    [Fact]
    public void DataOfAnotherSizeThanTheNetworksIsRefused() =>
        Said.By("evaluate", "--checkpoint", trained.Checkpoint, "--forget", "class:1").Refuses(2, "10 classes of 1x8x8", "1x28x28", "--data");

    [Fact]
    public void ForgetWordsThatDoNotFitTheDataAreRefused()
    {
        trained.Evaluate(trained.Checkpoint, "--forget", "class:trouser").Refuses(2, "no class 'trouser'", "0 0, 1 1");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:7").Refuses(2, "takes none of the 60 images");
        trained.Evaluate(trained.Checkpoint, "--forget", "random:60").Refuses(2, "takes all of the 60 images");
        using var folder = new TemporaryFolder();
        trained.Evaluate(trained.Checkpoint, "--forget", "indices:" + folder.Write("i.txt", "3\n60\n")).Refuses(1, "i.txt", "line 2", "0 to 59");
        trained.Evaluate(trained.Checkpoint, "--forget", "indices:" + folder.Write("i.txt", "3\n3\n")).Refuses(1, "line 2", "already on line 1");
    }

    [Fact]
    public void OptionsThatDoNotFitTheNetworkLeaveNoFolder()
    {
        var folder = trained.NewFolder();
        trained.Unlearn("instance-wise", folder, "--forget", "class:1", "--goal", "relabel", "--new-label", "10").Refuses(2, "NewLabel is 10", "0 to 9");
        trained.Unlearn("instance-wise", folder, "--forget", "class:1", "--new-label", "2").Refuses(2, "goal");
        trained.Unlearn("negative-gradient", folder, "--forget", "class:1", "--max-passes", "0").Refuses(2, "MaxPasses is 0");
        trained.Unlearn("mu-mis", folder, "--forget", "class:9").Refuses(2, "takes none");
        Assert.False(Path.Exists(folder));
    }

    [Fact]
    public void AnOutputFolderThatIsTakenIsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("mine.txt", "mine");
        trained.Unlearn("mu-mis", folder.Path, "--forget", "class:1").Refuses(1, "not empty", "--out");
        trained.Unlearn("mu-mis", file, "--forget", "class:1").Refuses(1, "is a file", "--out");
        trained.Unlearn("mu-mis", Path.Combine(file, "below"), "--forget", "class:1").Refuses(1, "cannot be made", "--out");
        Said.By("demo", "--out", folder.Path).Refuses(1, "not empty");
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void CheckpointsThatDoNotFitAreSpelledOut()
    {
        using var folder = new TemporaryFolder();
        var foreign = folder.File("foreign.safetensors");
        var file = CheckpointReader.Read(trained.Checkpoint);
        SafetensorsFile.Write(foreign, file.Tensors, new Dictionary<string, string>());
        trained.Evaluate(foreign, "--forget", "class:1").Refuses(1, "does not say which architecture", "--arch");
        trained.Evaluate(foreign, "--forget", "class:1", "--arch", "vgg16").Refuses(2, "no architecture 'vgg16'");
        trained.Evaluate(foreign, "--forget", "class:1", "--arch", "resnet20").Refuses(1, "does not fit resnet20", "missing: layer1.0.conv1.weight", "unexpected: fc1.weight");
        Said.By("evaluate", "--checkpoint", foreign, "--forget", "class:1", "--arch", "cnn-s").Refuses(1, "shape: fc1.weight is [512, 128] in the file, [512, 1568] in the model");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--arch", "resnet20").Refuses(1, "holds a cnn-s, not a resnet20");
        trained.Evaluate(foreign, "--forget", "class:1", "--arch", "cnn-s").Expect(0);
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--form", "imagenet").Refuses(2, "--form is imagenet", "a cnn-s, which has one form only");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--patch", "4").Refuses(2, "--patch is 4", "a cnn-s, which has none");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--classes", "12").Refuses(2, "--classes is 12", "a network for 10");

        File.WriteAllBytes(foreign, File.ReadAllBytes(foreign)[..^10]);
        trained.Evaluate(foreign, "--forget", "class:1", "--arch", "cnn-s").Refuses(1, foreign);
        trained.Evaluate(folder.Write("page.th", "<html>"), "--forget", "class:1").Refuses(1, "web page");
        trained.Evaluate(trained.Checkpoint, "--forget", "class:1", "--forget-vector", trained.Checkpoint).Refuses(1, "not a forget vector");
        Said.By("verify", "--checkpoint", trained.Checkpoint, "--reference", trained.Checkpoint).Refuses(1, "no tensor 'x'");
    }

    [Fact]
    public void WeightsThatAreNotNumbersAreWarnedOf()
    {
        using var folder = new TemporaryFolder();
        var file = CheckpointReader.Read(trained.Checkpoint);
        var tensors = file.Tensors.Select(t => t.Name == "fc1.bias" ? t with { Bytes = Spoiled(t.Bytes) } : t).ToArray();
        SafetensorsFile.Write(folder.File("nan.safetensors"), tensors, file.Metadata);
        var said = trained.Evaluate(folder.File("nan.safetensors"), "--forget", "class:1");
        Assert.Contains("warning: ", said.Error);
        Assert.Contains("'fc1.bias' holds NaN", said.Error);
    }

    [Theory]
    [InlineData("split.json", "{", "is not the record of a split")]
    [InlineData("split.json", "null", "does not say of how many images")]
    [InlineData("split.json", "{\"spec\":\"class:1\"}", "is not the record of a split")]
    [InlineData("forget.txt", "1\n2\n", "has 2 indices where split.json says 20")]
    [InlineData("forget.txt", "one\n", "line 1: 'one'")]
    [InlineData("retain.txt", "0\n", "has 1 indices")]
    public void DamagedRunFoldersAreRefused(string file, string content, string words)
    {
        using var folder = SplitFolder();
        folder.Write(file, content);
        trained.Evaluate(trained.Checkpoint, "--split", folder.Path).Refuses(1, file, words);
    }

    [Fact]
    public void ASplitOfOtherDataIsRefused()
    {
        using var folder = SplitFolder();
        var record = JsonNode.Parse(File.ReadAllText(folder.File("split.json")))!;
        record["setSha256"] = new string('0', 64);
        folder.Write("split.json", record.ToJsonString());
        trained.Evaluate(trained.Checkpoint, "--split", folder.Path).Refuses(2, "000000000000", "data it was made for");
    }

    [Fact]
    public void TrainingThatDivergesSaysSo()
    {
        using var folder = new TemporaryFolder();
        var said = Said.By("train", "--data", trained.Data, "--out", folder.Path, "--lr", "1e30", "--epochs", "2", "--batch", "20", "--quiet");
        said.Refuses(1, "diverged", "learning rate");
        Assert.False(File.Exists(folder.File("model.safetensors")));
    }

    private TemporaryFolder SplitFolder()
    {
        var folder = new TemporaryFolder();
        var set = Lacuna.Data.IdxDataset.TryLoadFolder(trained.Data)!.Train;
        Lacuna.Data.ForgetSetSpec.Parse("class:1").Split(set, new Lacuna.Numerics.DrawSource(1)).Save(folder.Path);
        return folder;
    }

    private static byte[] Spoiled(ReadOnlyMemory<byte> values)
    {
        var bytes = values.ToArray();
        BinaryPrimitives.WriteSingleLittleEndian(bytes, float.NaN);
        return bytes;
    }
}
