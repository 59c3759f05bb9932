using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Tests.Checkpoints;
using Lacuna.Tests.Models;

namespace Lacuna.Tests.Cli;

/// <summary>inspect and convert.</summary>
public sealed class FilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void InspectSaysWhatAFileHoldsAndWhatItFits()
    {
        var said = Said.By("inspect", Foreign("x.pth", classes: 7)).Expect(0);

        Assert.Equal("", said.Error);
        Assert.Contains("PyTorch, zip form", said.Out);
        // The 269,722 published for ten classes, less three rows of the last layer, 65 each. The 97 tensors of the public file have 19 counters of batches beside them.
        Assert.Contains(", 116 tensors, 269,527 parameters", said.Out);
        Assert.Matches(@"layer1\.0\.\*", said.Out);
        Assert.DoesNotContain("layer1.0.conv1.weight", said.Out);
        Assert.Contains("fits resnet20 (7 classes and 3 channel(s)): --arch resnet20", said.Out);
        Assert.Contains("layer1.0.conv1.weight", Said.By("inspect", _folder.File("x.pth"), "--keys").Expect(0).Out);
    }

    [Fact]
    public void InspectIsAlsoJson()
    {
        var json = Said.By("inspect", Foreign("x.safetensors", prefix: "net."), "--json").Expect(0).Json;

        Assert.Equal("safetensors", json.GetProperty("format").GetString());
        Assert.Equal(269_722, json.GetProperty("parameters").GetInt64());
        Assert.Equal("pytorch-zip", Said.By("inspect", Foreign("x.pt"), "--json").Expect(0).Json.GetProperty("format").GetString());
        var first = json.GetProperty("tensors")[0];
        Assert.Equal(("net.conv1.weight", "F32", 432), (first.GetProperty("name").GetString(), first.GetProperty("type").GetString(), first.GetProperty("elements").GetInt32()));
        var best = json.GetProperty("networks")[0];
        Assert.Equal(("resnet20", true, 10), (best.GetProperty("architecture").GetString(), best.GetProperty("fits").GetBoolean(), best.GetProperty("options").GetProperty("classes").GetInt32()));
    }

    [Fact]
    public void InspectWarnsOfNumbersThatAreNone()
    {
        var path = _folder.File("x.safetensors");
        CheckpointWriter.Write(path, [new("a", ElementType.F32, [4], TorchFiles.Floats(1, float.NaN, float.NegativeInfinity, float.NaN)), new("b", ElementType.F32, [1], TorchFiles.Floats(1))]);

        var said = Said.By("inspect", path).Expect(0);

        Assert.Equal($"warning: 'a' holds 2 NaN and 1 infinite values.{Environment.NewLine}", said.Error);
        Assert.Contains("fits no network of the zoo", said.Out);
    }

    [Theory]
    [InlineData("cnn-s", 4, 1, 28)]
    [InlineData("cnn-s", 10, 3, 32)]
    [InlineData("resnet20", 100, 3, 32)]
    [InlineData("resnet32", 10, 1, 32)]
    [InlineData("resnet18", 200, 3, 32)]
    [InlineData("resnet18", 200, 3, 224)]
    [InlineData("vit_tiny", 100, 3, 32)]
    [InlineData("vit_tiny", 5, 1, 64)]
    public void ANetworkOfTheZooIsFoundByItsShapes(string architecture, int classes, int channels, int side)
    {
        using var model = ModelZoo.Create(architecture, new(classes, channels, side, side, Normalisation.Default(channels)), seed: 1);
        var file = new CheckpointFile([.. model.state_dict().Select(e => CheckpointTensors.FromTensor(e.Key, e.Value))], new Dictionary<string, string>());

        var fitting = Assert.Single(ArchitectureFinder.Find(file), match => match.Fits);

        Assert.Equal((architecture, classes, channels, side), (fitting.Architecture, fitting.Options.Classes, fitting.Options.Channels, fitting.Options.Height));
    }

    [Fact]
    public void ConvertKeepsEveryByteThereAndBack()
    {
        var original = Foreign("a.safetensors");
        string there = _folder.File("b.pth"), back = _folder.File("c.safetensors");

        var said = Said.By("convert", original, there).Expect(0);
        Said.By("convert", there, back).Expect(0);

        Assert.StartsWith($"{there}: PyTorch, zip form, ", said.Out);
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(back));
    }

    [Fact]
    public void ConvertWithAnArchitectureMakesTheFileLoadByItself()
    {
        var path = _folder.File("b.pth");
        Said.By("convert", Foreign("a.safetensors", classes: 5, prefix: "model."), path, "--arch", "resnet20", "--size", "32x48", "--mean", "0.1,0.2,0.3", "--std", "0.4,0.5,0.6").Expect(0);

        using var model = ModelFile.Load(path, null, new(2, 1, 1, 1, Normalisation.Default(1)), _ => { });

        Assert.Equal(("resnet20", new ModelOptions(5, 3, 32, 48, new([0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f]))), (model.Architecture, model.Options with { }));
        Assert.Contains("lacuna.architecture = resnet20", Said.By("inspect", path).Out);
        Said.By("convert", path, _folder.File("c.pth"), "--arch", "resnet20").Refuses(1, "says already that it is a resnet20");
    }

    /// <summary>The two forms differ in strides alone.</summary>
    [Fact]
    public void FormsThatAFileDoesNotTellApartAreBothNamed()
    {
        var path = _folder.File("m.pth");
        using (var model = ModelZoo.Create("mobilenet_v2", new(4, 3, 32, 32, Normalisation.ImageNet), seed: 1))
            CheckpointWriter.Write(path, [.. model.state_dict().Select(e => CheckpointTensors.FromTensor(e.Key, e.Value))]);

        var said = Said.By("inspect", path).Expect(0);
        Assert.Contains("--arch mobilenet_v2 --form cifar", said.Out);
        Assert.Contains("--arch mobilenet_v2 --form imagenet", said.Out);
        Said.By("convert", path, _folder.File("n.pth"), "--arch", "mobilenet_v2").Refuses(1, "--size: 32 for the cifar form, or 224 for the imagenet form");
        Said.By("convert", path, _folder.File("n.pth"), "--arch", "mobilenet_v2", "--size", "160").Expect(0);
        Assert.Equal("imagenet", CheckpointReader.Read(_folder.File("n.pth")).Metadata["lacuna.form"]);
    }

    [Fact]
    public void ConvertRefusesWhatWouldLoseOrMislead()
    {
        var path = Foreign("a.safetensors");
        Said.By("convert", path, path).Refuses(2, "is there already", "--force");
        Said.By("convert", path, _folder.File("b.onnx")).Refuses(2, ".safetensors, .pt or .pth");
        Said.By("convert", path, _folder.File("b.pt"), "--arch", "resnet32").Refuses(1, "does not fit resnet32", "missing: layer1.3.conv1.weight", "lacuna inspect");
        Said.By("convert", path, _folder.File("b.pt"), "--arch", "resnet99").Refuses(2, "no architecture 'resnet99'");
        Said.By("convert", path, _folder.File("b.pt"), "--size", "32").Refuses(2, "--arch");
        Said.By("convert", path, _folder.File("b.pt"), "--arch", "resnet20", "--size", "big").Refuses(2, "--size is 'big'");
        var small = _folder.File("small.pt");
        using (var model = ModelZoo.Create("cnn-s", new(3, 1, 28, 28, Normalisation.FashionMnist), seed: 1))
            CheckpointWriter.Write(small, [.. model.state_dict().Select(e => CheckpointTensors.FromTensor(e.Key, e.Value))]);
        Said.By("convert", small, _folder.File("b.pt"), "--arch", "cnn-s", "--size", "64").Refuses(1, "shape: fc1.weight is [512, 1568] in the file, [512, 8192] in the model");
        Said.By("convert", _folder.File("none.pt"), _folder.File("b.pt")).Refuses(1, "none.pt", "cannot be opened");
        Assert.False(File.Exists(_folder.File("b.pt")));
        Said.By("convert", path, path, "--force").Expect(0);
    }

    [Fact]
    public void ThePublicCheckpointIsInspected()
    {
        var said = Said.By("inspect", SharedData.Require("reference/resnet20-cifar10.th")).Expect(0);
        Assert.Contains("97 tensors, 269,722 parameters", said.Out);
        Assert.Contains("best_prec1 = ", said.Out);
        Assert.Contains("fits resnet20 (10 classes and 3 channel(s)): --arch resnet20", said.Out);
    }

    /// <summary>A checkpoint of resnet20 as someone else would save it.</summary>
    private string Foreign(string name, int classes = 10, string prefix = "")
    {
        using var model = Formula.Fill(ModelZoo.Create("resnet20", new(classes, 3, 32, 32, Normalisation.ImageNet), seed: 2));
        CheckpointWriter.Write(_folder.File(name), [.. model.state_dict().Select(e => CheckpointTensors.FromTensor(prefix + e.Key, e.Value))]);
        return _folder.File(name);
    }
}
