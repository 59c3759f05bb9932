using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>Squared Frobenius norm of every row of a gradient [N, …], as [N].</summary>
    /// <param name="gradient">float32 or bfloat16, with norms in float32; or float64.</param>
    public Tensor SquaredNorms(Tensor gradient)
    {
        using var timed = Timed(nameof(SquaredNorms));
        RequireGradient(gradient, nameof(gradient), nameof(SquaredNorms));
        var way = WayFor(gradient);
        if (way == Way.Operators) return NormsByOperators(gradient);
        var (samples, elements) = RowsOf(gradient);
        var norms = empty(samples, dtype: ScalarType.Float32, device: gradient.device);
        if (way == Way.Launch) LaunchNorms(gradient, null, norms, null, null);
        else if (gradient.dtype == ScalarType.BFloat16) InputSensitivity.Cpu(Halves(gradient), Floats(norms), samples, elements);
        else InputSensitivity.Cpu(Floats(gradient), Floats(norms), samples, elements);
        return norms;
    }

    /// <summary>
    /// Squared Frobenius norms of every row of two gradients [N, …], and the first less the second, each [N].
    /// </summary>
    /// <param name="target">float32 or bfloat16, with norms in float32; or float64.</param>
    /// <param name="irrelevant">Of the same shape and type.</param>
    public (Tensor Target, Tensor Irrelevant, Tensor Gap) SensitivityGap(Tensor target, Tensor irrelevant)
    {
        using var timed = Timed(nameof(SensitivityGap));
        RequireGradient(target, nameof(target), nameof(SensitivityGap));
        RequireGradient(irrelevant, nameof(irrelevant), nameof(SensitivityGap));
        Require.Alike(irrelevant, nameof(irrelevant), target, nameof(SensitivityGap));
        Require.Shaped(irrelevant, nameof(irrelevant), nameof(SensitivityGap), target.shape);
        var way = WayFor(target);
        if (way == Way.Operators)
        {
            var (t, r) = (NormsByOperators(target), NormsByOperators(irrelevant));
            return (t, r, t - r);
        }
        var (samples, elements) = RowsOf(target);
        Tensor Norms() => empty(samples, dtype: ScalarType.Float32, device: target.device);
        var (targetNorms, irrelevantNorms, gap) = (Norms(), Norms(), Norms());
        if (way == Way.Launch) LaunchNorms(target, irrelevant, targetNorms, irrelevantNorms, gap);
        else if (target.dtype == ScalarType.BFloat16)
            InputSensitivity.Cpu(Halves(target), Halves(irrelevant), Floats(targetNorms), Floats(irrelevantNorms), Floats(gap), samples, elements);
        else InputSensitivity.Cpu(Floats(target), Floats(irrelevant), Floats(targetNorms), Floats(irrelevantNorms), Floats(gap), samples, elements);
        return (targetNorms, irrelevantNorms, gap);
    }

    private static Tensor NormsByOperators(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var wide = gradient.dtype == ScalarType.BFloat16 ? gradient.to(ScalarType.Float32) : gradient;
        return wide.flatten(1).square().sum(1).MoveToOuterDisposeScope();
    }

    private void LaunchNorms(Tensor target, Tensor? irrelevant, Tensor targetNorms, Tensor? irrelevantNorms, Tensor? gap)
    {
        var (samples, elements) = RowsOf(target);
        var slices = InputSensitivity.Slices(samples, elements);
        var wide = elements % 8 == 0 || samples == 1 ? Wide(target, irrelevant ?? target) : 0;
        var kernel = target.dtype == ScalarType.BFloat16 ? "InputSensitivity.HalfKernel" : "InputSensitivity.FloatKernel";
        if (slices == 1)
        {
            Launch(kernel, target, LaunchSize.For(samples), View(target), ViewOrNone(irrelevant), View(targetNorms), ViewOrNone(irrelevantNorms), ViewOrNone(gap), samples, elements, slices, wide);
            return;
        }
        using var targetSums = empty(samples * slices, dtype: ScalarType.Float32, device: target.device);
        using var irrelevantSums = irrelevant is null ? null : empty(samples * slices, dtype: ScalarType.Float32, device: target.device);
        Launch(kernel, target, LaunchSize.For(samples * slices), View(target), ViewOrNone(irrelevant), View(targetSums), ViewOrNone(irrelevantSums), NoView, samples, elements, slices, wide);
        Launch("InputSensitivity.SliceKernel", target, LaunchSize.ForElements(samples, 8), View(targetSums), ViewOrNone(irrelevantSums), View(targetNorms), ViewOrNone(irrelevantNorms),
            ViewOrNone(gap), samples, slices);
    }

    private static void RequireGradient(Tensor gradient, string name, string operation)
    {
        Require.Plain(gradient, name, operation, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float64);
        if (gradient.dim() < 2) throw new ArgumentException($"{operation}: '{name}' is {Require.Shape(gradient)}; it must be a batch of gradients, [N, ...].", name);
    }

    /// <summary>N and the numbers in a row.</summary>
    private static (long Samples, long Elements) RowsOf(Tensor batch)
    {
        var samples = batch.size(0);
        return (samples, samples == 0 ? 0 : batch.numel() / samples);
    }
}
