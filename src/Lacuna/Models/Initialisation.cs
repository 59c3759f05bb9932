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
}
