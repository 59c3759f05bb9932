using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Gradients with respect to the images. Rows are independent because batch norm runs in eval mode.</summary>
public static class InputGradients
{
    /// <summary>
    /// Gradient of a scalar function of the logits with respect to the images, [N, C, H, W], without gradients of weights
    /// when they are frozen (see <see cref="FrozenWeights"/>). The caller owns the result.
    /// </summary>
    /// <param name="model">In eval mode.</param>
    /// <param name="images">[N, C, H, W] in [0,1]; not changed.</param>
    /// <param name="objective">From logits [N, K] to a scalar tensor, or to a vector that is summed.</param>
    public static Tensor Of(Classifier model, Tensor images, Func<Tensor, Tensor> objective)
    {
        using var scope = NewDisposeScope();
        var leaf = images.detach().requires_grad_();
        var value = objective(model.call(leaf)).sum();
        return autograd.grad([value], [leaf])[0].MoveToOuterDisposeScope();
    }

    /// <summary>Gradient of every row's cross-entropy, [N, C, H, W], contiguous.</summary>
    /// <param name="passes">Through the network.</param>
    /// <param name="images">[N, C, H, W] in [0,1]; not changed.</param>
    /// <param name="labels">[N].</param>
    /// <param name="kernels">Give the gradient with respect to the logits.</param>
    public static Tensor OfCrossEntropy(InputPasses passes, Tensor images, Tensor labels, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var roles = full_like(labels, (int)LogitRole.CrossEntropy, ScalarType.Byte);
        return passes.Differentiate(images, (logits, first) =>
        {
            var wanted = labels.narrow(0, first, logits.size(0));
            return kernels.LossesOfLogits(logits, wanted, roles.narrow(0, first, logits.size(0)), ones_like(wanted, logits.dtype), tau: 0).Gradient;
        }).MoveToOuterDisposeScope();
    }

    /// <summary>Gradient of every row's logit <paramref name="classes"/>[n], [N, C, H, W]: the input sensitivity before its norm is taken.</summary>
    public static Tensor OfLogit(Classifier model, Tensor images, Tensor classes) =>
        Of(model, images, logits => logits.gather(1, classes.unsqueeze(1)));

    /// <summary>Squared Frobenius norm of every row of a gradient [N, …] by operators that can be differentiated again, [N].</summary>
    public static Tensor SquaredNorms(Tensor gradient) => gradient.flatten(1).square().sum(1);
}
