using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Sensitivity;

/// <summary>
/// Input sensitivity: ||grad_x f_k(x)||_F, how far a logit moves when the image does. One forward pass of a batch serves any number of logits; each costs one
/// backward pass of the whole batch, because in evaluation an image's logits depend on no other image.
/// </summary>
public static class LogitSensitivity
{
    /// <summary>Squared norms [N, M] of the named logits, and all logits [N, K] of the same forward pass. The caller owns both.</summary>
    /// <param name="model">In eval mode; weights that ask for no gradient (<see cref="FrozenWeights"/>) save the work for theirs.</param>
    /// <param name="images">[N, C, H, W] in [0,1], as the model is shown them; not changed.</param>
    /// <param name="classes">[N, M] int64, M at least 1: the logits of every image.</param>
    /// <param name="kernels">Take the norms: float32, or float64 for float64 images.</param>
    public static (Tensor SquaredNorms, Tensor Logits) Of(Classifier model, Tensor images, Tensor classes, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var leaf = images.detach().requires_grad_();
        var logits = model.call(leaf);
        var columns = new List<Tensor>();
        for (long column = 0, last = classes.size(1) - 1; column <= last; column++)
        {
            using var pass = NewDisposeScope();
            var chosen = logits.gather(1, classes.narrow(1, column, 1)).sum();
            var gradient = autograd.grad([chosen], [leaf], retain_graph: column < last)[0];
            columns.Add(kernels.SquaredNorms(gradient.contiguous()).MoveToOuterDisposeScope());
        }
        return (stack(columns, 1).MoveToOuterDisposeScope(), logits.detach().MoveToOuterDisposeScope());
    }
}
