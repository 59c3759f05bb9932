using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>The networks Lacuna builds by name.</summary>
public static class ModelZoo
{
    private static readonly (string Name, string About, Func<ModelOptions, StagedClassifier> Build)[] Entries =
    [
        ("cnn-s", "small convolutional net for 28x28 images, trains in seconds on two cores", o => new SmallConvNet(o)),
        ("resnet20", "CIFAR ResNet, 6n+2 layers, zero-padded shortcuts", o => new CifarResNet("resnet20", 3, o)),
        ("resnet32", "as resnet20 with 5 blocks a stage", o => new CifarResNet("resnet32", 5, o)),
        ("resnet44", "as resnet20 with 7 blocks a stage", o => new CifarResNet("resnet44", 7, o)),
        ("resnet56", "as resnet20 with 9 blocks a stage", o => new CifarResNet("resnet56", 9, o)),
        ("resnet18", "ResNet-18 with the 3x3 stem for small images, torchvision's names", o => new ResNet18(o)),
    ];

    // Weights come from the tensor library's one generator: two networks made at once would share its draws.
    private static readonly Lock Generator = new();

    /// <summary>Every name with one line about it.</summary>
    public static IEnumerable<(string Name, string About)> Names => Entries.Select(e => (e.Name, e.About));

    /// <summary>Builds a network with weights drawn from <paramref name="seed"/>: the same seed gives the same weights.</summary>
    /// <exception cref="ArgumentException">The name is unknown or the options do not fit it.</exception>
    public static StagedClassifier Create(string architecture, ModelOptions options, ulong seed)
    {
        var build = Array.Find(Entries, e => e.Name == architecture).Build
            ?? throw new ArgumentException($"There is no architecture '{architecture}'. Choose one of: {string.Join(", ", Entries.Select(e => e.Name))}.");
        lock (Generator)
        {
            manual_seed((long)(new DrawSource(seed).DeriveSeed(DrawPurpose.WeightInit) >> 1));
            return build(options);
        }
    }

    /// <summary>A second network with the same weights, buffers, device and type; it shares nothing with the first.</summary>
    public static Classifier Clone(Classifier model)
    {
        if (model is ScriptedClassifier scripted) return scripted.Copy();
        var copy = Create(model.Architecture, model.Options, seed: 0);
        MoveLike(copy, model);
        CopyState(model, copy);
        copy.train(model.training);
        return copy;
    }

    /// <summary>Copies every parameter and buffer of <paramref name="source"/> into <paramref name="target"/> of the same architecture.</summary>
    public static void CopyState(Classifier source, Classifier target)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var from = source.state_dict();
        foreach (var (name, value) in target.state_dict()) value.copy_(from[name]);
    }

    private static void MoveLike(Classifier copy, Classifier model)
    {
        using var scope = NewDisposeScope();
        var like = model.parameters().First();
        copy.to(like.dtype);
        copy.to(like.device);
    }
}
