using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>The pull of unimportant weights towards where they were: (lambda / 2) * sum hold * (p - p0)^2.</summary>
internal sealed class Pull : IDisposable
{
    private Pull(PullTowards force) => Force = force;

    /// <summary>What the optimiser adds to the gradient.</summary>
    public PullTowards Force { get; }

    /// <summary>Measures importance on the forget images and remembers the weights.</summary>
    public static Pull Towards(Classifier model, Batch forget, InstanceWiseOptions options, TensorKernels kernels, CancellationToken cancellation)
    {
        var importance = WeightImportance.Measure(model, forget.Images, forget.Labels, options.Importance, kernels, options.ForgetBatchSize, cancellation);
        try
        {
            return new(new(
                [.. model.TrainableParameters().Select(p => p.Value.detach().clone().DetachFromDisposeScope())],
                [.. kernels.Hold(importance).Select(hold => hold.DetachFromDisposeScope())],
                options.Lambda));
        }
        finally
        {
            foreach (var omega in importance) omega.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Force.Start.Concat(Force.Hold)) tensor.Dispose();
    }
}
