using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>The normalisation of images, (x - mean) / std, and their order in memory.</summary>
/// <param name="scaling">Mean and deviation.</param>
/// <param name="channelsLast">Whether activations are.</param>
internal sealed class FrozenScaling(ChannelScaling scaling, bool channelsLast) : FrozenStage
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape) => Apply(input);

    /// <summary>Normalised images in the order of the activations.</summary>
    public Tensor Apply(Tensor images) => Ordered(scaling.Apply(images));

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape) => new(scaling.Divide(gradient.Sum()).contiguous());

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape) => Ordered(scaling.Divide(tangent));

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingMap(Apply);

    private Tensor Ordered(Tensor images) => channelsLast ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
}
