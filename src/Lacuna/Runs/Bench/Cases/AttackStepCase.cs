using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A step of an attack on images of CIFAR's size, whose delta or adversarial images lie within the ball's reach.</summary>
/// <param name="name">Short name.</param>
/// <param name="work">On images, gradient and what is moved.</param>
internal sealed class AttackStepCase(string name, Action<TensorKernels, Tensor, Tensor, Tensor> work) : BenchCase
{
    /// <summary>A step in the L2 ball.</summary>
    public static AttackStepCase L2 { get; } = new("l2-pgd-step", (kernels, images, gradient, delta) => kernels.StepInL2Ball(images, gradient, delta, stepSize: 0.1, epsilon: 1));

    /// <summary>A step in the L-infinity ball.</summary>
    public static AttackStepCase Linf { get; } = new("linf-pgd-step",
        (kernels, images, gradient, adversarial) => kernels.StepInLinfBall(images, gradient, adversarial, stepSize: 2 / 255.0, epsilon: 8 / 255.0));

    public override string Name => name;

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        long[] shape = [samples, 3, 32, 32];
        Tensor images = DrawPixels(shape, device, 3 * seed), gradient = Draw(shape, device, 3 * seed + 1), moved = Draw(shape, device, 3 * seed + 2).mul_(0.02);
        return new($"{samples} x 3 x 32 x 32", 4 * sizeof(float) * samples * elements, [images, gradient, moved],
            kernels => work(kernels, images, gradient, moved),
            (kernels, type) =>
            {
                var result = moved.to(type, copy: true);
                work(kernels, images.to(type), gradient.to(type), result);
                return [result];
            });
    }
}
