using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>Dot products of every row of a gradient [N, …] with K forget vectors [K, …], as [N, K]: the gradient of weights that each image has its own.</summary>
    /// <param name="inputGradient">[N, …], with respect to the images that the vectors were added to.</param>
    /// <param name="deltas">[K, …], K from 1 to 64.</param>
    public Tensor ForgetVectorProjections(Tensor inputGradient, Tensor deltas) => Project(inputGradient, deltas, nameof(ForgetVectorProjections), total: false);

    /// <summary>As <see cref="ForgetVectorProjections"/>, summed over the batch, [K]: the gradient of weights that all images share.</summary>
    /// <param name="inputGradient">[N, …].</param>
    /// <param name="deltas">[K, …].</param>
    public Tensor TotalForgetVectorProjections(Tensor inputGradient, Tensor deltas) => Project(inputGradient, deltas, nameof(TotalForgetVectorProjections), total: true);

    private Tensor Project(Tensor inputGradient, Tensor deltas, string operation, bool total)
    {
        using var timed = Timed(operation);
        Require.Floats(inputGradient, nameof(inputGradient), operation);
        Require.Floats(deltas, nameof(deltas), operation);
        Require.Alike(deltas, nameof(deltas), inputGradient, operation);
        if (inputGradient.dim() < 2) throw new ArgumentException($"{operation}: '{nameof(inputGradient)}' is {Require.Shape(inputGradient)}; it must be a batch, [N, ...].", nameof(inputGradient));
        RequireVectors(deltas, inputGradient, operation);
        var way = WayFor(inputGradient);
        if (way == Way.Operators)
        {
            using var scope = NewDisposeScope();
            var vectorsAsColumns = deltas.flatten(1).t();
            var rows = total ? inputGradient.sum(dim: 0).view(1, -1) : inputGradient.flatten(1);
            var products = rows.matmul(vectorsAsColumns);
            return (total ? products.view(-1) : products).MoveToOuterDisposeScope();
        }
        var (samples, vectors) = (inputGradient.size(0), (int)deltas.size(0));
        var elements = deltas.numel() / vectors;
        var result = total ? empty(vectors, dtype: ScalarType.Float32, device: deltas.device) : empty(samples, vectors, dtype: ScalarType.Float32, device: deltas.device);
        if (way == Way.Launch) LaunchProjection(inputGradient, deltas, result, samples, elements, vectors, total);
        else if (total) ForgetVectorProjection.CpuTotal(Floats(inputGradient), Floats(deltas), Floats(result), samples, elements, vectors);
        else ForgetVectorProjection.Cpu(Floats(inputGradient), Floats(deltas), Floats(result), samples, elements, vectors);
        return result;
    }

    private void LaunchProjection(Tensor gradient, Tensor deltas, Tensor result, long samples, long elements, int vectors, bool total)
    {
        var slices = samples;
        using var sums = total ? SumSlices(gradient, samples, elements, out slices) : null;
        using var products = total ? empty(slices, vectors, dtype: ScalarType.Float32, device: gradient.device) : null;
        var rows = sums ?? gradient;
        var wide = elements % 4 == 0 ? Wide(rows, deltas) : 0;
        Launch("ForgetVectorProjection.Kernel", gradient, LaunchSize.For(ForgetVectorProjection.Groups(slices, vectors)), View(rows), View(deltas), View(products ?? result),
            slices, elements, vectors, wide);
        if (products is not null)
            Launch("ForgetVectorProjection.TotalKernel", gradient, LaunchSize.ForElements(vectors, 8), View(products), View(result), slices, vectors);
    }
}
