using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A step of a forget vector from the input gradients of a batch of CIFAR's size.</summary>
internal sealed class ForgetVectorStepCase : BenchCase
{
    public override string Name => "forget-vector-step";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var gradient = Draw([samples, 3, 32, 32], device, seed);
        var delta = Draw([3, 32, 32], device, seed + 1);
        var momentum = zeros([3, 32, 32], device: device);
        // So slow that any number of steps leaves the numbers as they are.
        var step = new ForgetVectorStep(ForgetVectorPenalty.Reference, 1, 1e-9f, 0.9f, 5e-4f);
        return new($"{samples} x 3 x 32 x 32", sizeof(float) * (samples * elements + 4 * elements), [gradient, delta, momentum],
            kernels => kernels.StepForgetVector(gradient, delta, momentum, step),
            (kernels, type) =>
            {
                var (d, m) = (delta.to(type).clone(), momentum.to(type).clone());
                kernels.StepForgetVector(gradient.to(type), d, m, step with { LearningRate = 0.2f });
                return [d, m];
            });
    }
}
