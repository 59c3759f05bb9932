using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>Starting weights. The tensor library's generator draws them, from the seed set by <see cref="ModelZoo.Create"/>.</summary>
internal static class Initialisation
{
    /// <summary>He et al. 2015: normal with variance 2 / fan-in. Everything not named here keeps what its layer made.</summary>
    public static void KaimingNormal(IEnumerable<Tensor?> weights)
    {
        using var _ = no_grad();
        foreach (var weight in weights)
        {
            if (weight is not null) nn.init.kaiming_normal_(weight, nonlinearity: nn.init.NonlinearityType.ReLU);
        }
    }

    /// <summary>All weights of convolutions and linear layers.</summary>
    public static void KaimingNormal(nn.Module model) =>
        KaimingNormal(model.named_parameters().Where(p => p.parameter.dim() > 1).Select(p => p.parameter));

    /// <summary>
    /// What torchvision gives its convolutional networks: filters normal with variance 2 / fan-out (He et al. 2015), their biases zero. Batch norms keep
    /// scale one and shift zero, as their layer made them.
    /// </summary>
    /// <param name="model">All its layers are gone through.</param>
    /// <param name="linearDeviation">Deviation of normal weights for linear layers, with biases of zero; null leaves those as their layer made them.</param>
    public static void Torchvision(nn.Module model, double? linearDeviation = null)
    {
        foreach (var (_, module) in model.named_modules())
        {
            if (module is TorchSharp.Modules.Conv2d convolution)
            {
                nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
                if (convolution.bias is { } shift) nn.init.zeros_(shift);
            }
            else if (module is TorchSharp.Modules.Linear linear && linearDeviation is { } deviation)
            {
                nn.init.normal_(linear.weight, 0, deviation);
                if (linear.bias is { } bias) nn.init.zeros_(bias);
            }
        }
    }
}
