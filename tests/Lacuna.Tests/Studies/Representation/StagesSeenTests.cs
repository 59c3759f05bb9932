using Lacuna.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies.Representation;

/// <summary>What the networks of the zoo show of themselves.</summary>
[Collection(TensorLibrary.Name)]
public sealed class StagesSeenTests
{
    [Theory]
    [InlineData("cnn-s", "fc2", "conv1 conv2")]
    [InlineData("resnet20", "linear", "conv1 layer1 layer2 layer3")]
    [InlineData("resnet18", "fc", "conv1 layer1 layer2 layer3 layer4")]
    [InlineData("vgg16_bn", "classifier", "stage1 stage2 stage3 stage4 stage5")]
    [InlineData("mobilenet_v2", "classifier.1", "features.0 features.1 features.3 features.6 features.10 features.13 features.16 features.17 features.18")]
    [InlineData("vit_tiny", "heads.head", "block1 block2 block3 block4 block5 block6 block7 block8 block9 block10 block11")]
    public void StagesAreShownInOrderAndTheLastLinearLayerMakesTheLogitsOfThePenultimate(string architecture, string last, string stages)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = ModelZoo.Create(architecture, new(5, 3, 32, 32, Normalisation.ImageNet), seed: 2);
        model.eval();
        using var images = Tests.Models.Formula.Values(1, 3, 3, 32, 32).to(float32);
        List<string> names = [];
        Dictionary<string, Tensor> seen = [];
        var logits = model.Observe(images, (name, activations) =>
        {
            names.Add(name);
            seen[name] = activations.clone();
        });
        Assert.Equal([.. stages.Split(' '), StagedClassifier.Penultimate, StagedClassifier.LogitsName], names);
        Assert.All(seen.Values, activations => Assert.Equal(3, activations.size(0)));
        var parameters = model.state_dict();
        var expected = seen[StagedClassifier.Penultimate].matmul(parameters[last + ".weight"].t()) + parameters[last + ".bias"];
        Assert.True(expected.allclose(logits, 1e-4, 1e-5));
        Assert.True(seen[StagedClassifier.LogitsName].allclose(logits, 0, 0));
        Assert.True(model.call(images).allclose(logits, 0, 0));
        // Grad-CAM's features are the last stage's.
        Assert.True(model.Features(images).allclose(seen[stages.Split(' ')[^1]], 0, 0));
        Assert.Equal(names.Count, seen.Count);
    }
}
