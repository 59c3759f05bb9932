using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>The stages that networks have in common.</summary>
internal static class Freezing
{
    /// <summary>The ceiling of a plain ReLU.</summary>
    public const float NoCeiling = float.PositiveInfinity;

    /// <summary>Mean over places, [N, C, h, w] to [N, C].</summary>
    public static FrozenStage Mean => new FrozenLinearMap(activations => activations.mean([2, 3]), isLinear: true);

    /// <summary>[N, C, h, w] to [N, C h w].</summary>
    public static FrozenStage Flatten => new FrozenLinearMap(activations => activations.flatten(1), isLinear: true);

    /// <summary>Convolution, batch norm and ReLU.</summary>
    public static FrozenStage Convolution(Conv2d layer, BatchNorm2d norm, bool channelsLast) => new FrozenConvolution(layer, norm, NoCeiling, channelsLast);

    /// <summary>The convolution and batch norm of a shortcut.</summary>
    public static FrozenStage Projection(Sequential downsample, bool channelsLast)
    {
        var parts = downsample.children().ToArray();
        return new FrozenConvolution((Conv2d)parts[0], (BatchNorm2d)parts[1], ceiling: null, channelsLast);
    }

    /// <summary>The blocks of several stages in their order.</summary>
    public static IEnumerable<FrozenStage> Blocks(IEnumerable<Sequential> stages, bool channelsLast) =>
        stages.SelectMany(stage => stage.children()).Select(block => ((IFreezable)block).Freeze(channelsLast));
}
