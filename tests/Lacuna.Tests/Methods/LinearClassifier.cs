using Lacuna.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>
/// Logits = W x over the pixels, no bias and an idle normalisation: every gradient has a closed form.
/// Its "last stage" is the image itself.
/// </summary>
internal sealed class LinearClassifier : StagedClassifier
{
    private readonly Parameter weight;

    /// <param name="weights">[K, C * H * W].</param>
    public LinearClassifier(double[,] weights, int channels, int height, int width)
        : base("linear", new(weights.GetLength(0), channels, height, width, new(new float[channels], [.. Enumerable.Repeat(1f, channels)])))
    {
        weight = new Parameter(tensor(weights));
        RegisterComponents();
    }

    public override Tensor Head(Tensor features) => nn.functional.linear(features.flatten(1), weight);

    protected override Tensor Stages(Tensor normalised) => normalised;
}
