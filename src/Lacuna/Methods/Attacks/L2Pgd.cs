using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Methods.Attacks;

/// <summary>
/// Targeted projected gradient descent in the L2 ball (Madry et al. 2018), in [0,1] pixel space:
/// d &lt;- d - step * g / max(||g||, 1e-6) with g the gradient of the cross-entropy towards the target class, then x + d is
/// clamped to [0,1], then d is projected on the ball. Rows are independent: one flat batch of (image, target) pairs.
/// </summary>
/// <param name="Epsilon">Radius of the ball, L2 norm over one image of pixels in [0,1].</param>
/// <param name="StepSize">Length of one step.</param>
/// <param name="Steps">Number of steps.</param>
public sealed record L2Pgd(double Epsilon, double StepSize, int Steps)
{
    /// <summary>
    /// Start of the published attack: uniform in [0,1] minus the image, projected on the ball and clamped, [N, C, H, W].
    /// Every row's draws depend on (seed, row) alone, whatever the batches are.
    /// </summary>
    public Tensor RandomStart(Tensor images, DrawSource draws, int firstRow, TensorKernels kernels) => kernels.StartInL2Ball(images, Epsilon, draws, firstRow);

    /// <summary>Moves <paramref name="delta"/> [N, C, H, W] in place by all steps towards <paramref name="targets"/> [N].</summary>
    public void Run(Classifier model, Tensor images, Tensor targets, Tensor delta, TensorKernels kernels, CancellationToken cancellation = default)
    {
        using var passes = new InputPasses(model, kernels);
        for (var step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var gradient = InputGradients.OfCrossEntropy(passes, images + delta, targets, kernels);
            kernels.StepInL2Ball(images, gradient, delta, StepSize, Epsilon);
        }
        using var last = NewDisposeScope();
        delta.copy_((images + delta).clamp(0, 1) - images);
    }
}
