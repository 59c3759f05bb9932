using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.MuMis;

/// <summary>
/// L = (1/N) sum over x of ||grad_x f_c(x)||^2 - ||grad_x f_c'(x)||^2, with c the label and c' an irrelevant class, and its
/// exact gradient with respect to the weights by differentiating twice. Batch norm must be in eval mode.
/// </summary>
/// <param name="Loss">Scalar.</param>
/// <param name="Gradients">One a parameter, in the model's order; null where the loss does not depend on it (biases of piecewise-linear networks).</param>
/// <param name="TargetSquared">Mean over the batch of ||grad_x f_c||^2.</param>
/// <param name="IrrelevantSquared">Mean over the batch of ||grad_x f_c'||^2.</param>
public sealed record MuMisLoss(double Loss, IReadOnlyList<Tensor?> Gradients, double TargetSquared, double IrrelevantSquared) : IDisposable
{
    /// <summary>Loss and weight gradient of a batch.</summary>
    /// <param name="model">In eval mode, its parameters asking for gradients.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="labels">[N] int64.</param>
    /// <param name="irrelevant">[N] int64, nowhere equal to the label.</param>
    public static MuMisLoss Of(Classifier model, Tensor images, Tensor labels, Tensor irrelevant, IProfiler? profiler = null)
    {
        using var scope = NewDisposeScope();
        var leaf = images.detach().requires_grad_();
        Tensor logits, target, other;
        using (profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0))) logits = model.call(leaf);
        using (profiler.Span(SpanKind.Pass, PassNames.InputGradient, images.size(0))) target = MeanSquaredSensitivity(logits, leaf, labels);
        using (profiler.Span(SpanKind.Pass, PassNames.InputGradient, images.size(0))) other = MeanSquaredSensitivity(logits, leaf, irrelevant);
        var loss = target - other;
        using var span = profiler.Span(SpanKind.Pass, PassNames.DoubleBackward, images.size(0));
        var gradients = autograd.grad([loss], [.. model.TrainableParameters().Select(p => (Tensor)p.Value)], allow_unused: true);
        return new(loss.ToDouble(), [.. gradients.Select(g => g is null || g.IsInvalid ? null : g.contiguous().DetachFromDisposeScope())], target.ToDouble(), other.ToDouble());
    }

    /// <summary>
    /// The same without differentiating twice. With g = grad_x f_c the gradient of ||g||^2 by the weights is twice the derivative of grad_w f_c along g, and in a network whose gates
    /// are settled that is, layer by layer, the product of the tangent that g makes and the adjoint that g was made of: one forward pass, two to the images, two tangents with
    /// their products.
    /// </summary>
    /// <param name="network">Compiled from the network as its weights are now.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="labels">[N] int64.</param>
    /// <param name="irrelevant">[N] int64, nowhere equal to the label.</param>
    /// <param name="kernels">Give the norms.</param>
    public static MuMisLoss Of(FrozenNetwork network, Tensor images, Tensor labels, Tensor irrelevant, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        using var pass = network.Forward(images);
        Tensor[] classes = [labels, irrelevant];
        var means = new List<Tensor>();
        // Seeds that go back at once hold the adjoints of both until their products are made; one after another the second's take the memory of the first's.
        foreach (var together in classes.Chunk(pass.StacksSeeds ? 2 : 1))
        {
            using var inner = NewDisposeScope();
            string[] names = [.. Enumerable.Range(0, together.Length).Select(i => $"adjoint {i}")];
            var seeds = stack([.. together.Select(c => nn.functional.one_hot(c, pass.Logits.size(1)).to(pass.Logits.dtype))], 0);
            var gradients = pass.InputGradients(seeds, names);
            for (var i = 0; i < names.Length; i++)
            {
                var gradient = gradients[i];
                pass.AddWeightGradient(gradient * ((means.Count == 0 ? 1 : -1) * 2.0 / images.size(0)), names[i]);
                means.Add(kernels.SquaredNorms(gradient).mean().MoveToOuterDisposeScope());
            }
        }
        double[] squared;
        using (kernels.Profiler.Span(SpanKind.Copy, "to host")) squared = stack(means, 0).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new(squared[0] - squared[1], pass.WeightGradients(), squared[0], squared[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gradient in Gradients) gradient?.Dispose();
    }

    private static Tensor MeanSquaredSensitivity(Tensor logits, Tensor images, Tensor classes)
    {
        var chosen = logits.gather(1, classes.unsqueeze(1)).sum();
        // TorchSharp frees the graph unless told to keep it, even when it is to be differentiated again.
        var gradient = autograd.grad([chosen], [images], retain_graph: true, create_graph: true)[0];
        return gradient.square().sum() / images.size(0);
    }
}
