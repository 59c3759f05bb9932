using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly List<string> _warnings = [];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AModelComesBackByItsFileAlone()
    {
        // Means that need all nine digits of a float32 to come back.
        using var model = Formula.Fill(ModelZoo.Create("resnet20", new(4, 2, 8, 6, new([0.1f, 1 / 3f], [0.2f, 2 / 3f])), seed: 2));
        model.eval();
        var path = _folder.File("model.safetensors");
        ModelFile.Save(model, path, new Dictionary<string, string> { ["method"] = "mu-mis" });

        using var loaded = ModelFile.Load(path, architecture: null, Tiny.Grey(9), _warnings.Add);
        Assert.Equal(("resnet20", model.Options), (loaded.Architecture, loaded.Options));
        Assert.Equal(Tiny.Fingerprint(model), Tiny.Fingerprint(loaded));
        Assert.Empty(_warnings);
        var metadata = CheckpointReader.Read(path).Metadata;
        Assert.Equal("mu-mis", metadata["lacuna.method"]);
        Assert.Equal(("resnet20", "4", "2", "8", "6"), (metadata["lacuna.architecture"], metadata["lacuna.classes"],
            metadata["lacuna.channels"], metadata["lacuna.height"], metadata["lacuna.width"]));
    }

    [Theory]
    [InlineData("resnet18", Form.Imagenet, null, "form", "imagenet")]
    [InlineData("mobilenet_v2", null, null, "form", "cifar")]
    [InlineData("vit_tiny", null, 8, "patch", "8")]
    public void FormAndPatchComeBackByTheFileAlone(string architecture, Form? form, int? patch, string key, string value)
    {
        using var model = Formula.Fill(ModelZoo.Create(architecture, new(4, 1, 16, 24, Normalisation.FashionMnist, form, patch), seed: 2));
        model.eval();
        var path = _folder.File("model.safetensors");
        ModelFile.Save(model, path);
        Assert.Equal(value, CheckpointReader.Read(path).Metadata["lacuna." + key]);

        using var loaded = ModelFile.Load(path, architecture: null, Tiny.Grey(9), _warnings.Add);
        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(Tiny.Fingerprint(model), Tiny.Fingerprint(loaded));
    }

    [Fact]
    public void FilesFromBeforeThereWereFormsHoldTheOneForSmallImages()
    {
        using var model = ModelZoo.Create("resnet18", new(4, 1, 96, 96, Normalisation.FashionMnist, Form.Cifar), seed: 2);
        var path = _folder.File("model.safetensors");
        ModelFile.Save(model, path);
        Rewrite(path, metadata => metadata.Remove("lacuna.form"));
        using var loaded = ModelFile.Load(path, architecture: null, Tiny.Grey(9), _warnings.Add);
        Assert.Equal(Form.Cifar, loaded.Options.Form);

        Rewrite(path, metadata => metadata["lacuna.form"] = "tall");
        Assert.Contains("lacuna.form = 'tall', which is not one of: cifar, imagenet", Refused(path, null, Tiny.Grey(9)));
    }

    [Fact]
    public void AnotherFormThanTheFilesIsSaidByItsShapes()
    {
        using var model = ModelZoo.Create("resnet18", new(4, 3, 32, 32, Normalisation.ImageNet, Form.Imagenet), seed: 2);
        var message = Refused(Written(State(model)), "resnet18", new(4, 3, 32, 32, Normalisation.ImageNet));
        Assert.Contains("in the cifar form", message);
        Assert.Contains("shape: conv1.weight is [64, 3, 7, 7] in the file, [64, 3, 3, 3] in the model", message);
        Assert.Contains("--form", message);
    }

    /// <summary>Only the names differ between torchvision's old and new and timm's Vision Transformer, so the values must come back where they were.</summary>
    [Theory]
    [InlineData("timm")]
    [InlineData("torchvision before 0.14")]
    public void OtherPeoplesNamesOfAVisionTransformerAreKnown(string whose)
    {
        ModelOptions options = new(4, 3, 16, 16, Normalisation.ImageNet);
        using var model = Formula.Fill(ModelZoo.Create("vit_tiny", options, seed: 2));
        model.eval();
        (string Ours, string Theirs)[] names = whose == "timm"
            ?
            [
                ("encoder.pos_embedding", "pos_embed"), ("encoder.layers.encoder_layer_", "blocks."), ("encoder.ln.", "norm."), ("class_token", "cls_token"), ("conv_proj", "patch_embed.proj"),
                ("heads.head", "head"), ("ln_1", "norm1"), ("ln_2", "norm2"), ("self_attention.in_proj_", "attn.qkv."), ("self_attention.out_proj", "attn.proj"), ("mlp.0", "mlp.fc1"), ("mlp.3", "mlp.fc2"),
            ]
            : [("mlp.0", "mlp.linear_1"), ("mlp.3", "mlp.linear_2")];
        var theirs = State(model).Select(t => t with { Name = names.Aggregate(t.Name, (name, pair) => name.Replace(pair.Ours, pair.Theirs)) }).ToArray();
        Assert.Equal(whose == "timm" ? theirs.Length : 48, theirs.Select(t => t.Name).Except(State(model).Select(t => t.Name)).Count());

        using var loaded = ModelFile.Load(Written(theirs), "vit_tiny", options with { Classes = 9 }, _warnings.Add);
        Assert.Equal(4, loaded.Options.Classes);
        Assert.Equal(Tiny.Fingerprint(model), Tiny.Fingerprint(loaded));
    }

    /// <summary>timm's list is from its source; ours is torchvision's, read from torchvision itself.</summary>
    [Fact]
    public void TimmsStateDictIsTorchvisionsByOtherNames() =>
        Assert.Equal(
            Zoo.ZooGolden.Keys("vit_base-16").Order(StringComparer.Ordinal),
            Zoo.ZooGolden.Keys("timm").Select(line => line.Split(' ')).Select(parts => $"{ModelZoo.Find("vit_base").Import(parts[0])} {parts[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void PositionsOfAnotherImageSizeAreNotStretched()
    {
        using var model = ModelZoo.Create("vit_tiny", new(4, 3, 16, 16, Normalisation.ImageNet), seed: 2);
        Assert.Contains("shape: encoder.pos_embedding is [1, 17, 192] in the file, [1, 65, 192] in the model", Refused(Written(State(model)), "vit_tiny", new(4, 3, 32, 32, Normalisation.ImageNet)));
    }

    [Fact]
    public void AForeignFileNeedsTheArchitectureAndTellsTheClasses()
    {
        using var model = Formula.Fill(ModelZoo.Create("resnet20", new(4, 3, 8, 8, Normalisation.ImageNet), seed: 2));
        model.eval();
        var path = Written(State(model));
        ModelOptions fallback = new(10, 3, 8, 8, Normalisation.ImageNet);

        Assert.Contains("--arch", Refused(path, null, fallback));
        using var loaded = ModelFile.Load(path, "resnet20", fallback, _warnings.Add);
        Assert.Equal(4, loaded.Options.Classes);
        Assert.Equal(Tiny.Fingerprint(model), Tiny.Fingerprint(loaded));
    }

    [Fact]
    public void TheSmallNetsClassesAreKnownFromItsLastLayerToo()
    {
        using var model = Formula.Fill(ModelZoo.Create("cnn-s", Tiny.Grey(4), seed: 2));
        using var loaded = ModelFile.Load(Written(State(model)), "cnn-s", Tiny.Grey(10), _warnings.Add);
        Assert.Equal(4, loaded.Options.Classes);
    }

    [Fact]
    public void CountersOfBatchesMayBeMissing()
    {
        using var model = Formula.Fill(ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2));
        var path = Written(State(model).Where(t => !t.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)));
        using var loaded = ModelFile.Load(path, "cnn-s", Tiny.Grey(3), _warnings.Add);
        Tiny.Near(Tiny.Numbers(model.state_dict()["fc1.weight"]), loaded.state_dict()["fc1.weight"], 0);
    }

    [Fact]
    public void EverythingThatDoesNotFitIsSaidAtOnce()
    {
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        var tensors = State(model).Where(t => t.Name != "bn1.weight" && t.Name != "conv2.weight").ToList();
        tensors.Add(CheckpointTensors.FromTensor("conv2.weight", zeros([32, 8, 3, 3])));
        tensors.Add(CheckpointTensors.FromTensor("extra", zeros([5])));

        var message = Refused(Written(tensors), "cnn-s", Tiny.Grey(3));
        Assert.Contains("missing: bn1.weight [16]", message);
        Assert.Contains("shape: conv2.weight is [32, 8, 3, 3] in the file, [32, 16, 3, 3] in the model", message);
        Assert.Contains("unexpected: extra [5]", message);
        Assert.Equal(3, message.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatDoesNotFitIsSaidWithTheNearestName()
    {
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        var renamed = State(model).Select(t => t with { Name = t.Name.Replace("bn1.", "norm1.").Replace("fc2.weight", "a.completely.different.name") });

        var message = Refused(Written(renamed), "cnn-s", Tiny.Grey(3));
        Assert.Contains("missing: bn1.running_mean [16]; the file has norm1.running_mean\n", message);
        Assert.Contains("unexpected: norm1.weight [16]; the model has bn1.weight\n", message);
        Assert.Contains("missing: fc2.weight [3, 512]\n", message);
    }

    [Theory]
    [InlineData("model.")]
    [InlineData("net.backbone.")]
    public void WhatAllNamesHaveInCommonIsTakenOff(string prefix)
    {
        using var model = Formula.Fill(ModelZoo.Create("cnn-s", Tiny.Grey(4), seed: 2));
        using var loaded = ModelFile.Load(Written(State(model).Select(t => t with { Name = prefix + t.Name })), "cnn-s", Tiny.Grey(10), _warnings.Add);
        Assert.Equal(4, loaded.Options.Classes);
        Tiny.Near(Tiny.Numbers(model.state_dict()["fc1.weight"]), loaded.state_dict()["fc1.weight"], 0);
    }

    [Theory]
    [InlineData("", "a.b", "c.b")]
    [InlineData("", "a.b", "a")]
    [InlineData("", "a", "a.b")]
    [InlineData("a.", "a.b", "a.b.c")]
    [InlineData("a.", "a.bc", "a.bd")]
    [InlineData("a.b.", "a.b.c", "a.b.cd", "a.b.e.f")]
    [InlineData("", "ab.c", "ac.c")]
    [InlineData("", "a.b")]
    [InlineData("", ".", ".")]
    public void TheCommonPrefixIsOfWholeParts(string prefix, params string[] names) =>
        Assert.Equal(prefix, CommonPrefix.Of([.. names.Select(name => new CheckpointTensor(name, ElementType.U8, [0], default))]));

    [Fact]
    public void AnotherArchitectureThanTheFilesIsRefused()
    {
        var path = _folder.File("model.safetensors");
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        ModelFile.Save(model, path);
        Assert.Contains("holds a cnn-s, not a resnet20", Refused(path, "resnet20", Tiny.Grey(3)));
    }

    [Theory]
    [InlineData("lacuna.classes", "three", "not a whole number")]
    [InlineData("lacuna.mean", "0.2;0.3", "not a list of numbers")]
    [InlineData("lacuna.width", null, "lacks 'lacuna.width'")]
    public void DamagedMetadataIsNamed(string key, string? value, string message)
    {
        var path = _folder.File("model.safetensors");
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        ModelFile.Save(model, path);
        var metadata = CheckpointReader.Read(path).Metadata.ToDictionary();
        if (value is null) metadata.Remove(key);
        else metadata[key] = value;
        SafetensorsFile.Write(path, [.. State(model)], metadata);
        Assert.Contains(message, Refused(path, null, Tiny.Grey(3)));
    }

    [Fact]
    public void WeightsThatAreNotFiniteAreWarnedOf()
    {
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        using (no_grad()) model.state_dict()["fc1.bias"][3] = float.NaN;
        using var loaded = ModelFile.Load(Written(State(model)), "cnn-s", Tiny.Grey(3), _warnings.Add);
        Assert.Contains("'fc1.bias'", Assert.Single(_warnings));
    }

    private static void Rewrite(string path, Action<Dictionary<string, string>> change)
    {
        var file = CheckpointReader.Read(path);
        var metadata = file.Metadata.ToDictionary();
        change(metadata);
        SafetensorsFile.Write(path, file.Tensors, metadata);
    }

    private string Refused(string path, string? architecture, ModelOptions fallback)
    {
        var message = Assert.Throws<CheckpointException>(() => ModelFile.Load(path, architecture, fallback, _warnings.Add)).Message;
        Assert.StartsWith(path, message);
        return message;
    }

    private string Written(IEnumerable<CheckpointTensor> tensors)
    {
        SafetensorsFile.Write(_folder.File("foreign.safetensors"), [.. tensors]);
        return _folder.File("foreign.safetensors");
    }

    private static IEnumerable<CheckpointTensor> State(Classifier model) =>
        model.state_dict().Select(e => CheckpointTensors.FromTensor(e.Key, e.Value));
}
