using Lacuna.Gpu;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.Attacks;

/// <summary>
/// Untargeted projected gradient ascent on the cross-entropy in the L-infinity ball (Madry et al. 2018), without random
/// start: x' &lt;- clamp(x + clip(x' + step * sign(g) - x, ±epsilon), 0, 1).
/// </summary>
/// <param name="Epsilon">Radius in units of [0,1].</param>
/// <param name="StepSize">Step in units of [0,1].</param>
/// <param name="Steps">Number of steps.</param>
public sealed record LinfPgd(double Epsilon, double StepSize, int Steps)
{
    /// <summary>Adversarial images [N, C, H, W] in [0,1]; the caller owns them.</summary>
    /// <param name="model">What is attacked.</param>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="labels">[N], from which the images are driven away.</param>
    /// <param name="kernels">Make the steps.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <param name="forgetVector">[C, H, W], a part of what is attacked: added to whatever image the model is shown, after the attack; null for none.</param>
    public Tensor Run(Classifier model, Tensor images, Tensor labels, TensorKernels kernels, CancellationToken cancellation = default, Tensor? forgetVector = null)
    {
        using var passes = new InputPasses(model, kernels);
        var adversarial = images.clone();
        for (var step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            // The slope by the sum is the slope by the image.
            var shown = forgetVector is null ? adversarial : kernels.ApplyForgetVector(adversarial, forgetVector);
            var gradient = InputGradients.OfCrossEntropy(passes, shown, labels, kernels);
            kernels.StepInLinfBall(images, gradient, adversarial, StepSize, Epsilon);
        }
        return adversarial;
    }
}
