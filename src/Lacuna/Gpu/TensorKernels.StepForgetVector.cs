using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// One step of SGD on a forget vector from the input gradient of a batch: sum over the batch, gradient of the penalty, weight decay, momentum.
    /// In place in <paramref name="delta"/> and <paramref name="momentum"/>.
    /// </summary>
    /// <param name="inputGradient">[N, …], of the data terms, already weighed.</param>
    /// <param name="delta">[…].</param>
    /// <param name="momentum">[…]; zero before the first step.</param>
    /// <param name="step">The penalty and the optimiser's numbers.</param>
    public void StepForgetVector(Tensor inputGradient, Tensor delta, Tensor momentum, ForgetVectorStep step)
    {
        using var timed = Timed(nameof(StepForgetVector));
        const string operation = nameof(StepForgetVector);
        Require.Floats(inputGradient, nameof(inputGradient), operation);
        foreach (var (tensor, name) in new[] { (delta, nameof(delta)), (momentum, nameof(momentum)) })
        {
            Require.Floats(tensor, name, operation);
            Require.Alike(tensor, name, inputGradient, operation);
            Require.Shaped(tensor, name, operation, inputGradient.shape.AsSpan(Math.Min(1, (int)inputGradient.dim())));
            Require.Apart(tensor, name, inputGradient, nameof(inputGradient), operation);
        }
        Require.Apart(momentum, nameof(momentum), delta, nameof(delta), operation);
        if (inputGradient.dim() == 0) throw new ArgumentException($"{operation}: '{nameof(inputGradient)}' is a single number; it must be a batch, [N, ...].", nameof(inputGradient));
        var (samples, elements) = (inputGradient.size(0), delta.numel());
        switch (WayFor(inputGradient))
        {
            case Way.Cpu: ForgetVectorGradient.Cpu(Floats(inputGradient), Floats(delta), Floats(momentum), samples, elements, step); break;
            case Way.Launch: LaunchStep(inputGradient, delta, momentum, step, samples, elements); break;
            default: StepByOperators(inputGradient, delta, momentum, step); break;
        }
    }

    private void LaunchStep(Tensor gradient, Tensor delta, Tensor momentum, ForgetVectorStep step, long samples, long elements)
    {
        using var sums = SumSlices(gradient, samples, elements, out var slices);
        var parts = InputSensitivity.Slices(1, elements);
        using var squares = step.Penalty == ForgetVectorPenalty.Reference ? empty(parts, dtype: ScalarType.Float32, device: delta.device) : null;
        if (squares is not null)
            Launch("InputSensitivity.FloatKernel", delta, LaunchSize.For(parts), View(delta), NoView, View(squares), NoView, NoView, 1, elements, parts, Wide(delta));
        Launch("ForgetVectorGradient.StepKernel", delta, LaunchSize.ForElements(elements, 32), View(sums ?? gradient), ViewOrNone(squares), View(delta), View(momentum), samples, slices,
            step.Lambda, step.LearningRate, step.Momentum, step.WeightDecay);
    }

    /// <summary>The batch in fewer rows with the same sum, or null when what follows sums the rows itself.</summary>
    private Tensor? SumSlices(Tensor gradient, long samples, long elements, out long slices)
    {
        slices = BatchSums.Slices(samples, elements);
        if (slices == samples) return null;
        var sums = empty(slices, elements, dtype: ScalarType.Float32, device: gradient.device);
        var wide = elements % 4 == 0 ? Wide(gradient, sums) : 0;
        Launch("BatchSums.Kernel", gradient, LaunchSize.ForElements(slices * (wide == 1 ? elements / 4 : elements), 256), View(gradient), View(sums), samples, elements, slices, wide);
        return sums;
    }

    private static void StepByOperators(Tensor gradient, Tensor delta, Tensor momentum, ForgetVectorStep step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var direction = gradient.sum(dim: 0);
        if (step.Penalty == ForgetVectorPenalty.Squared) direction.add_(delta, alpha: 2 * step.Lambda);
        else
        {
            var norm = delta.square().sum().sqrt();
            direction.add_(where(norm > 0, delta / (norm * gradient.size(0)), zeros_like(delta)), alpha: step.Lambda);
        }
        direction.add_(delta, alpha: step.WeightDecay);
        momentum.mul_(step.Momentum).add_(direction);
        delta.add_(momentum, alpha: -step.LearningRate);
    }
}
