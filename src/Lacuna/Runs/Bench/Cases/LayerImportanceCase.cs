using Lacuna.Gpu;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>
/// Importance of all weights of resnet20's layers from each of 128 CIFAR images' own gradients; the operators take one backward pass of a convolution an image.
/// </summary>
internal sealed class LayerImportanceCase : BenchCase
{
    private const long Images = 128;

    // Convolutions as often as the network has them; those that keep the shape are followed by as many batch norms, and one more behind the layer before.
    private static readonly (ConvolutionShape Shape, int Convolutions, int Norms)[] layers =
    [
        (new(Images, 3, 32, 32, 16, 3, 3, PaddingY: 1, PaddingX: 1), 1, 0),
        (new(Images, 16, 32, 32, 16, 3, 3, PaddingY: 1, PaddingX: 1), 6, 7),
        (new(Images, 16, 32, 32, 32, 3, 3, 2, 2, 1, 1), 1, 0),
        (new(Images, 32, 16, 16, 32, 3, 3, PaddingY: 1, PaddingX: 1), 5, 6),
        (new(Images, 32, 16, 16, 64, 3, 3, 2, 2, 1, 1), 1, 0),
        (new(Images, 64, 8, 8, 64, 3, 3, PaddingY: 1, PaddingX: 1), 5, 6),
    ];

    public override string Name => "layer-importance";

    public override bool HasSizes => false;

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var images = bytes == 0 ? Images : Math.Clamp(bytes / (sizeof(float) * 16 * 32 * 32), 1, Images); // fewer for tests
        List<Layer> all = [];
        foreach (var (full, convolutions, norms) in layers)
        {
            var shape = full with { Samples = images };
            all.Add(new(shape, convolutions, norms,
                Draw([images, shape.Channels, shape.Height, shape.Width], device, seed), Draw([images, shape.Outputs, shape.OutputHeight, shape.OutputWidth], device, seed + 1),
                zeros([shape.Outputs, shape.GroupChannels, 3, 3], device: device), zeros([shape.Outputs], device: device), ones([shape.Outputs], device: device)));
        }
        var (features, gradient, omega) = (Draw([images, 64], device, seed), Draw([images, 10], device, seed + 1), zeros([10, 64], device: device));
        return new($"resnet20, {images} x 3 x 32 x 32", all.Sum(layer => layer.Bytes) + sizeof(float) * (74 * images + 2 * 640),
            [.. all.SelectMany(layer => layer.Owned), features, gradient, omega],
            kernels =>
            {
                foreach (var layer in all)
                {
                    for (var i = 0; i < layer.Convolutions; i++) layer.Convolution(kernels, layer.Input, layer.Gradient, layer.Omega);
                    for (var i = 0; i < layer.Norms; i++) layer.Norm(kernels, layer.Input, layer.Gradient, layer.Zeros, layer.Ones, layer.Zeros.clone(), layer.Zeros.clone());
                }
                kernels.AccumulateLinearImportance(features, gradient, omega, 1f / images, ImportanceMeasure.Absolute);
            },
            (kernels, type) =>
            {
                List<Tensor> results = [];
                foreach (var layer in all)
                {
                    var (input, outputs) = (layer.Input.to(type), layer.Gradient.to(type));
                    results.Add(zeros(layer.Omega.shape, type, device));
                    layer.Convolution(kernels, input, outputs, results[^1]);
                    if (layer.Norms == 0) continue;
                    results.AddRange(zeros(layer.Zeros.shape, type, device), zeros(layer.Zeros.shape, type, device));
                    layer.Norm(kernels, input, outputs, layer.Zeros.to(type), layer.Ones.to(type), results[^2], results[^1]);
                }
                results.Add(zeros(omega.shape, type, device));
                kernels.AccumulateLinearImportance(features.to(type), gradient.to(type), results[^1], 1f / images, ImportanceMeasure.Absolute);
                return results;
            });
    }

    private sealed record Layer(ConvolutionShape Shape, int Convolutions, int Norms, Tensor Input, Tensor Gradient, Tensor Omega, Tensor Zeros, Tensor Ones)
    {
        public Tensor[] Owned => [Input, Gradient, Omega, Zeros, Ones];

        public long Bytes => sizeof(float) * ((Convolutions + Norms) * (Input.numel() + Gradient.numel()) + Convolutions * 2 * Shape.Weights + Norms * 6L * Shape.Outputs);

        public void Convolution(TensorKernels kernels, Tensor input, Tensor gradient, Tensor omega) =>
            kernels.AccumulateConvolutionImportance(input, gradient, omega, Shape, 1f / Shape.Samples, ImportanceMeasure.Absolute);

        public void Norm(TensorKernels kernels, Tensor input, Tensor gradient, Tensor mean, Tensor variance, Tensor scale, Tensor shift) =>
            kernels.AccumulateAffineImportance(input, gradient, mean, variance, 1e-5, scale, shift, 1f / Shape.Samples, ImportanceMeasure.Absolute);
    }
}
