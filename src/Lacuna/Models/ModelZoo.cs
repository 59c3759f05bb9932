using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>The networks Lacuna builds by name.</summary>
public static class ModelZoo
{
    /// <summary>CIFAR-10: ten classes of 32x32 colour images.</summary>
    public static ModelOptions Cifar { get; } = new(10, 3, 32, 32, Normalisation.ImageNet);

    /// <summary>ImageNet-1k: 1000 classes of 224x224 colour images.</summary>
    public static ModelOptions ImageNet { get; } = new(1000, 3, 224, 224, Normalisation.ImageNet);

    private static readonly ModelOptions[] _bothForms = [Cifar with { Form = Form.Cifar }, ImageNet with { Form = Form.Imagenet }];

    private static readonly ModelOptions[] _bothPatches = [Cifar with { Patch = VisionTransformer.SmallPatch }, ImageNet with { Patch = VisionTransformer.LargePatch }];

    /// <summary>Every architecture.</summary>
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("cnn-s", "small convolutional net, trains in seconds on two cores", o => new SmallConvNet(o))
            { SmallestSide = 4, LastBiases = ["fc2.bias"], Settings = [new(10, 1, 28, 28, Normalisation.FashionMnist)] },
        SmallResNet(20),
        SmallResNet(32),
        SmallResNet(44),
        SmallResNet(56),
        LargeResNet(18, bottleneck: false, 2, 2, 2, 2),
        LargeResNet(34, bottleneck: false, 3, 4, 6, 3),
        LargeResNet(50, bottleneck: true, 3, 4, 6, 3),
        new("vgg16_bn", "VGG-16 with batch norm", o => new Vgg16(o)) { Forms = Enum.GetValues<Form>(), SmallestSide = 32, LastBiases = ["classifier.bias", "classifier.6.bias"], Settings = _bothForms },
        new("mobilenet_v2", "MobileNetV2, depthwise convolutions", o => new MobileNetV2(o)) { Forms = Enum.GetValues<Form>(), LastBiases = ["classifier.1.bias"], Settings = _bothForms },
        Transformer("tiny", 192, 3),
        Transformer("small", 384, 6),
        Transformer("base", 768, 12),
    ];

    // Weights come from the tensor library's one generator: two networks made at once would share its draws.
    private static readonly Lock Generator = new();

    /// <summary>Every architecture's name, in a sentence's form.</summary>
    public static string Names => string.Join(", ", Entries.Select(e => e.Name));

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ZooEntry Find(string architecture) => Entries.FirstOrDefault(e => e.Name == architecture)
        ?? throw new ArgumentException($"There is no architecture '{architecture}'. Choose one of: {Names}.");

    /// <summary>Builds a network with weights drawn from <paramref name="seed"/>: the same seed gives the same weights.</summary>
    /// <exception cref="ArgumentException">The name is unknown or the options do not fit it.</exception>
    public static StagedClassifier Create(string architecture, ModelOptions options, ulong seed)
    {
        var entry = Find(architecture);
        lock (Generator)
        {
            manual_seed((long)(new DrawSource(seed).DeriveSeed(DrawPurpose.WeightInit) >> 1));
            return entry.Build(options);
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

    private static ZooEntry SmallResNet(int layers) =>
        new($"resnet{layers}", "CIFAR ResNet, 6n+2 layers, zero-padded shortcuts", o => new CifarResNet($"resnet{layers}", (layers - 2) / 6, o)) { LastBiases = ["linear.bias"] };

    private static ZooEntry LargeResNet(int layers, bool bottleneck, params int[] blocks) =>
        new($"resnet{layers}", bottleneck ? "ResNet of bottleneck blocks" : "ResNet of basic blocks", o => new ResNet($"resnet{layers}", blocks, bottleneck, o))
            { Forms = Enum.GetValues<Form>(), LastBiases = ["fc.bias"], Settings = _bothForms };

    private static ZooEntry Transformer(string size, int width, int heads) =>
        new($"vit_{size}", $"Vision Transformer, 12 blocks {width} wide, {heads} heads", o => new VisionTransformer($"vit_{size}", width, heads, o))
            { HasPatches = true, LastBiases = ["heads.head.bias"], Import = VisionTransformerNames.Ours, Settings = _bothPatches };
}
