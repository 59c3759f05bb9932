using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Sensitivity;

/// <summary>
/// Input sensitivity: ||grad_x f_k(x)||_F, how far a logit moves when the image does. One forward pass of a batch serves any number of logits; each costs one
/// backward pass of the whole batch, because in evaluation an image's logits depend on no other image.
/// </summary>
public static class LogitSensitivity
{
    // Where seeds are stacked: memory on the way back grows with them.
    private const int MostAtOnce = 4;

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

    /// <summary>The same through a compiled network, which takes several logits at once where <see cref="FrozenPass.StacksSeeds"/>.</summary>
    /// <param name="network">Compiled from the network as its weights are now.</param>
    /// <param name="images">[N, C, H, W] in [0,1], as the model is shown them; not changed.</param>
    /// <param name="classes">[N, M] int64, M at least 1: the logits of every image.</param>
    /// <param name="kernels">Take the norms: float32, or float64 for float64 images.</param>
    public static (Tensor SquaredNorms, Tensor Logits) Of(FrozenNetwork network, Tensor images, Tensor classes, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        using var pass = network.Forward(images);
        var columns = new List<Tensor>();
        foreach (var together in classes.split(pass.StacksSeeds ? MostAtOnce : 1, 1))
        {
            using var inner = NewDisposeScope();
            var seeds = nn.functional.one_hot(together.transpose(0, 1), pass.Logits.size(1)).to(pass.Logits.dtype);
            var gradients = pass.InputGradients(seeds);
            columns.Add(kernels.SquaredNorms(gradients.flatten(0, 1)).view(together.size(1), together.size(0)).MoveToOuterDisposeScope());
        }
        return (cat(columns, 0).transpose(0, 1).contiguous().MoveToOuterDisposeScope(), pass.Logits.alias().MoveToOuterDisposeScope());
    }
}
