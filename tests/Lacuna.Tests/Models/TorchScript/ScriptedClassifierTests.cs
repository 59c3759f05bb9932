using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Models.TorchScript;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.TorchScript;

/// <summary>Script modules as classifiers, against values of PyTorch 1.13 in float64 (make_torchscript.py).</summary>
[Collection(TensorLibrary.Name)]
public sealed class ScriptedClassifierTests : IDisposable
{
    // Both compute in float64, and sums may be taken in another order.
    private const double Tolerance = 1e-12;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("scripted.pt")]
    [InlineData("traced.pt")]
    [InlineData("frozen.pt")]
    public void LogitsAndEveryGradientArePyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ScriptFiles.Load(_folder, name);
        var golden = CheckpointReader.Read(ScriptFiles.Write(_folder, "golden.safetensors"));
        Tensor Of(string key) => CheckpointTensors.ToTensor(golden.Find(key)!);
        var precise = name != "frozen.pt"; // its constants stay float32
        if (precise) model.to(float64);
        var images = precise ? Of("x") : Of("x").to(float32);
        var weights = tensor(new[] { 1, -2, 0.5 }).to(images.dtype);

        var tolerance = precise ? Tolerance : 1e-5;
        Tiny.Near(Tiny.Numbers(Of("logits")), model.call(images), tolerance);
        using (new FrozenWeights(model)) Tiny.Near(Tiny.Numbers(Of("input_gradient")), InputGradients.Of(model, images, z => z * weights), tolerance);

        var parameters = model.TrainableParameters();
        Assert.Equal(precise ? 9 : 0, parameters.Count);
        if (!precise) return;
        var gradients = autograd.grad([(model.call(images) * weights).sum()], [.. parameters.Select(p => p.Value)]);
        foreach (var ((key, _), gradient) in parameters.Zip(gradients)) Tiny.Near(Tiny.Numbers(Of("gradient." + key)), gradient, Tolerance);
    }

    [Fact]
    public void TheTwinOfOurNetworkGivesItsLogitsInBothModes()
    {
        using var scope = NewDisposeScope();
        using var own = Tiny.Trained();
        using var twin = ScriptFiles.Twin(own);
        Assert.Equal(own.TrainableParameters().Select(p => p.Name).Order(StringComparer.Ordinal), twin.TrainableParameters().Select(p => p.Name).Order(StringComparer.Ordinal));
        var images = Formula.Values(5, 6, 1, 8, 8).to(float32);
        foreach (var training in new[] { false, true })
        {
            own.train(training);
            twin.train(training);
            Assert.Equal(training, twin.training);
            // Float32 sums in another order.
            Tiny.Near(Tiny.Numbers(own.call(images)), twin.call(images), 1e-4);
        }
        foreach (var (key, value) in own.state_dict()) Tiny.Near(Tiny.Numbers(value), twin.state_dict()[key], 1e-5);
    }

    [Fact]
    public void ImagesAreNotChangedByLayersThatWorkInPlace()
    {
        using var scope = NewDisposeScope();
        using var model = ScriptFiles.Load(_folder, "scripted.pt");
        var images = Formula.Values(5, 6, 1, 8, 8).to(float32);
        var before = Tiny.Numbers(images);
        model.call(images);
        Assert.Equal(before, Tiny.Numbers(images));
    }

    [Theory]
    [InlineData("scripted.pt")]
    [InlineData("frozen.pt")]
    public void ACloneIsTheSameAndSharesNothing(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ScriptFiles.Load(_folder, name);
        var images = Formula.Values(5, 6, 1, 8, 8).to(float32);
        var before = Tiny.Numbers(model.call(images));
        using var clone = ModelZoo.Clone(model);
        Assert.Equal(model.Options, clone.Options);
        Assert.Equal(model.training, clone.training);
        Assert.Equal(before, Tiny.Numbers(clone.call(images)));
        using (no_grad())
        {
            foreach (var (_, value) in clone.state_dict()) value.zero_();
        }
        Assert.Equal(before, Tiny.Numbers(model.call(images)));
    }

    [Fact]
    public void WhatIsSavedLoadsWithItsMetadataAlone()
    {
        using var scope = NewDisposeScope();
        using var model = ScriptFiles.Load(_folder, "scripted.pt", new([0.25f], [0.5f]));
        using (no_grad()) model.TrainableParameters()[0].Value.mul_(1.5f);
        var path = _folder.File("saved" + ModelFile.Extension(model));
        ModelFile.Save(model, path, new Dictionary<string, string> { ["method"] = "mu-mis", ["forget"] = "class:\"ü\"" });
        var bytes = File.ReadAllBytes(path);
        ModelFile.Save(model, path, new Dictionary<string, string> { ["method"] = "mu-mis", ["forget"] = "class:\"ü\"" });
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(["saved.pt", "scripted.pt"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());

        using var loaded = ModelFile.Load(path, null, Tiny.Grey(7, side: 5), _warnings.Add, new(null));
        Assert.Empty(_warnings);
        Assert.Equal(model.Options, loaded.Options);
        var images = Formula.Values(5, 6, 1, 8, 8).to(float32);
        Assert.Equal(Tiny.Numbers(model.call(images)), Tiny.Numbers(loaded.call(images)));
        Assert.Equal("class:\"ü\"", ScriptFile.ReadMetadata(path)["lacuna.forget"]);
    }

    [Fact]
    public void NothingRunsWithoutLeave()
    {
        var path = ScriptFiles.Write(_folder, "scripted.pt");
        Refused(() => ModelFile.Load(path, null, Tiny.Grey(3), _warnings.Add), "runs the program inside", "--torchscript", "state_dict()");
        Refused(() => ModelFile.Load(path, "cnn-s", Tiny.Grey(3), _warnings.Add, new(null)), "its own architecture", "--arch");
        Assert.Empty(_warnings);
    }

    [Fact]
    public void OtherZipsAreNotTakenForTorchScript()
    {
        Assert.False(ScriptFile.Recognises(_folder.Write("text.pt", "PK")));
        Assert.False(ScriptFile.Recognises(_folder.File("gone.pt")));
        Assert.False(ScriptFile.Recognises(_folder.Write("cut.pt", File.ReadAllBytes(ScriptFiles.Write(_folder, "scripted.pt"))[..^30])));
        using var own = Tiny.Trained();
        ModelFile.Save(own, _folder.File("own.safetensors"));
        Assert.False(ScriptFile.Recognises(_folder.File("own.safetensors")));
        Assert.True(ScriptFile.Recognises(_folder.File("scripted.pt")));
    }

    [Theory]
    [InlineData("tuple.pt", "gives a tuple or list", "forward returns the logits alone")]
    [InlineData("batch.pt", "does not run on [1, 1, 8, 8]", "any number of images")]
    [InlineData("training.pt", "gives an image other logits alone than among others", "model.eval() before torch.jit.trace")]
    [InlineData("detached.pt", "is not differentiable by its images", "detach()")]
    [InlineData("image.pt", "gives [3] of Float32 for 3 images", "logits [3, classes]")]
    [InlineData("half.pt", "holds 'conv.weight' as Float16", ".float()")]
    [InlineData("double.pt", "holds 'conv.weight' as Float64", ".float()")]
    [InlineData("inputs.pt", "does not run on [3, 1, 8, 8]", "missing value for argument 'scale'")]
    public void WhatIsNoClassifierIsRefused(string name, params string[] words) =>
        Refused(() => ScriptFiles.Load(_folder, name), [name, .. words]);

    [Fact]
    public void DamagedFilesAndMetadataAreRefused()
    {
        using var model = ScriptFiles.Load(_folder, "scripted.pt");
        var path = _folder.File("saved.pt");
        ModelFile.Save(model, path);
        using (var archive = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update)) archive.GetEntry("archive/data.pkl")!.Delete();
        Refused(() => ModelFile.Load(path, null, Tiny.Grey(3), _warnings.Add, new(null)), path, "libtorch cannot read");

        foreach (var (text, words) in new[] { ("{", "metadata that cannot be read"), ("{\"lacuna.architecture\":\"torchscript\"}", "lacks 'lacuna.classes'"), (new string(' ', 2 << 20), "bytes of metadata") })
        {
            ModelFile.Save(model, path);
            using (var archive = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
            {
                archive.GetEntry("archive/extra/lacuna.json")!.Delete();
                using var writer = new StreamWriter(archive.CreateEntry("archive/extra/lacuna.json").Open());
                writer.Write(text);
            }
            Refused(() => ModelFile.Load(path, null, Tiny.Grey(3), _warnings.Add, new(null)), path, words);
        }
    }

    [Fact]
    public void ANormalisationOfOtherImagesIsRefused() =>
        Assert.Contains("1 channel", Assert.Throws<ArgumentException>(() => ScriptFiles.Load(_folder, "scripted.pt", Normalisation.ImageNet)).Message);

    [Fact]
    public void NoNormalisationIsSaidOnce()
    {
        ScriptFiles.Load(_folder, "scripted.pt", null, _warnings.Add).Dispose();
        Assert.Contains("--mean and --std", Assert.Single(_warnings));
        ScriptFiles.Load(_folder, "scripted.pt", new([0.5f], [0.5f]), _warnings.Add).Dispose();
        Assert.Single(_warnings);
    }

    private static void Refused(Func<Classifier> load, params string[] words)
    {
        var message = Assert.Throws<CheckpointException>(() => load().Dispose()).Message;
        Assert.All(words, word => Assert.Contains(word, message));
    }
}
