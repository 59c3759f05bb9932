using static TorchSharp.torch;

namespace Lacuna.Gpu.Optimisers;

/// <summary>
/// A pull of weights p towards where they started: lambda * hold * (p - start) joins their gradient, that of (lambda / 2) * sum hold * (p - start)^2.
/// </summary>
/// <param name="Start">One a parameter, of its shape.</param>
/// <param name="Hold">One a parameter, of its shape: how strongly each weight is pulled.</param>
/// <param name="Lambda">How strongly all are.</param>
public sealed record PullTowards(IReadOnlyList<Tensor> Start, IReadOnlyList<Tensor> Hold, double Lambda);
