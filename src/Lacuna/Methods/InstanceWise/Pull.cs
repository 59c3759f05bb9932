using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>The pull of unimportant weights towards where they were: (lambda / 2) * sum hold * (p - p0)^2.</summary>
internal sealed class Pull : IDisposable
{
    private readonly IReadOnlyList<Tensor> _start;
    private readonly IReadOnlyList<Tensor> _hold;
    private readonly double _lambda;

    private Pull(IReadOnlyList<Tensor> start, IReadOnlyList<Tensor> hold, double lambda) => (_start, _hold, _lambda) = (start, hold, lambda);

    /// <summary>Measures importance on the forget images and remembers the weights.</summary>
    public static Pull Towards(Classifier model, Batch forget, InstanceWiseOptions options, TensorKernels kernels, CancellationToken cancellation)
    {
        var importance = WeightImportance.Measure(model, forget.Images, forget.Labels, options.Importance, kernels, options.ForgetBatchSize, cancellation);
        try
        {
            return new(
                [.. model.TrainableParameters().Select(p => p.Value.detach().clone().DetachFromDisposeScope())],
                [.. kernels.Hold(importance).Select(hold => hold.DetachFromDisposeScope())],
                options.Lambda);
        }
        finally
        {
            foreach (var omega in importance) omega.Dispose();
        }
    }

    /// <summary>Adds the closed-form gradient lambda * hold * (p - p0) to every gradient, in place, and returns the term's value, scalar.</summary>
    public Tensor AddTo(IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> parameters)
    {
        using var _ = no_grad();
        var value = zeros(1, device: parameters[0].device, dtype: parameters[0].dtype);
        for (var i = 0; i < gradients.Count; i++)
        {
            using var moved = parameters[i] - _start[i];
            using var held = _hold[i] * moved;
            gradients[i].add_(held, alpha: _lambda);
            value.add_((held * moved).sum(), alpha: _lambda / 2);
        }
        return value;
    }

    public void Dispose()
    {
        foreach (var tensor in _start.Concat(_hold)) tensor.Dispose();
    }
}
