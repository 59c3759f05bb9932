using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>Squared Frobenius norm of every row of a gradient [N, …], as [N].</summary>
    public Tensor SquaredNorms(Tensor gradient)
    {
        Require.Floats(gradient, nameof(gradient), nameof(SquaredNorms));
        var way = WayFor(gradient);
        if (way == Way.Operators) return gradient.flatten(1).square().sum(1);
        var samples = gradient.size(0);
        var elements = samples == 0 ? 0 : gradient.numel() / samples;
        var result = empty(samples, dtype: ScalarType.Float32, device: gradient.device);
        if (way == Way.Cpu) InputSensitivity.Cpu(Floats(gradient), Floats(result), samples, elements);
        else Launch("InputSensitivity.Kernel", gradient, LaunchSize.For(samples), View(gradient), View(result), samples, elements);
        return result;
    }
}
