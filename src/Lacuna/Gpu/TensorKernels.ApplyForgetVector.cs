using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>y[n] = x[n] + delta. A new tensor [N, …], of delta's type.</summary>
    /// <param name="images">[N, …], of delta's type, or uint8 that stands for 0 to 1.</param>
    /// <param name="delta">[…], the shape of one image; float32 or float64.</param>
    public Tensor ApplyForgetVector(Tensor images, Tensor delta)
    {
        using var timed = Timed(nameof(ApplyForgetVector));
        Require.Floats(delta, nameof(delta), nameof(ApplyForgetVector));
        RequireImages(images, delta, nameof(delta), nameof(ApplyForgetVector));
        Require.Shaped(delta, nameof(delta), nameof(ApplyForgetVector), images.shape.AsSpan(1));
        if (WayFor(delta) == Way.Cpu)
        {
            var sum = empty(images.shape, dtype: ScalarType.Float32, device: images.device);
            var one = 1f;
            ApplyOnCpu(images, Floats(delta), &one, sum, new(images.size(0), delta.numel()), ForgetVectorOutput.Plain, null, null);
            return sum;
        }
        using var weight = ones(1, dtype: delta.dtype, device: delta.device);
        using var deltas = delta.unsqueeze(0);
        return ApplyForgetVectors(images, deltas, weight);
    }

    /// <summary>
    /// y[n] = (clamp(x[n] + sum_k w[n,k] delta[k]) - mean) / deviation. A new tensor [N, …], of the vectors' type or bfloat16.
    /// </summary>
    /// <param name="images">[N, …], of the vectors' type, or uint8 that stands for 0 to 1.</param>
    /// <param name="deltas">[K, …], K from 1 to 64; float32 or float64.</param>
    /// <param name="weights">[K], or [N, K] where each image has its own.</param>
    /// <param name="finish">Bounds, normalisation and type; null for none.</param>
    public Tensor ApplyForgetVectors(Tensor images, Tensor deltas, Tensor weights, ImageFinish? finish = null)
    {
        using var timed = Timed(nameof(ApplyForgetVectors));
        finish ??= ImageFinish.None;
        Require.Floats(deltas, nameof(deltas), nameof(ApplyForgetVectors));
        RequireImages(images, deltas, nameof(deltas), nameof(ApplyForgetVectors));
        RequireVectors(deltas, images, nameof(ApplyForgetVectors));
        var (samples, vectors) = (images.size(0), deltas.size(0));
        Require.Floats(weights, nameof(weights), nameof(ApplyForgetVectors));
        Require.Alike(weights, nameof(weights), deltas, nameof(ApplyForgetVectors));
        if (weights.dim() == 1) Require.Shaped(weights, nameof(weights), nameof(ApplyForgetVectors), vectors);
        else Require.Shaped(weights, nameof(weights), nameof(ApplyForgetVectors), samples, vectors);
        var (channels, plane) = ChannelsOf(images, deltas, finish);
        var way = WayFor(deltas);
        if (way == Way.Operators) return ApplyByOperators(images, deltas, weights, finish);
        var result = empty(images.shape, dtype: finish.ToBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, device: images.device);
        var elements = deltas.numel() / vectors;
        if (way == Way.Cpu)
        {
            var shape = new ForgetVectorShape(samples, elements, (int)vectors, weights.dim() == 2);
            var output = new ForgetVectorOutput(finish.Low, finish.High, channels, plane);
            ApplyOnCpu(images, Floats(deltas), Floats(weights), result, shape, output, channels == 0 ? null : Floats(finish.Mean!), channels == 0 ? null : Floats(finish.Deviation!));
            return result;
        }
        var wide = elements % 4 == 0 ? Wide(images, deltas, result) : 0;
        var pieces = (samples + 3) / 4 * (wide == 1 ? elements / 4 : elements);
        var kernel = $"ForgetVectorApplication.{(images.dtype == ScalarType.Byte ? "Byte" : "Float")}To{(finish.ToBFloat16 ? "Half" : "Float")}";
        Launch(kernel, images, LaunchSize.ForElements(pieces, 256), View(images), View(deltas), View(weights), ViewOrNone(finish.Mean), ViewOrNone(finish.Deviation), View(result),
            samples, elements, (int)vectors, plane, finish.Low, finish.High, wide);
        return result;
    }

    private static Tensor ApplyByOperators(Tensor images, Tensor deltas, Tensor weights, ImageFinish finish)
    {
        using var scope = NewDisposeScope();
        var one = deltas.shape.AsSpan(1).ToArray();
        var pixels = images.dtype == ScalarType.Byte ? images.to(deltas.dtype).div_(255) : images;
        Tensor shift;
        if (weights.dim() == 2) shift = weights.matmul(deltas.flatten(1)).view(images.shape);
        else if (deltas.size(0) == 1) shift = deltas[0] * weights[0];
        else shift = weights.matmul(deltas.flatten(1)).view(one);
        var result = pixels + shift;
        if (finish.HasBounds) result.clamp_(finish.Low, finish.High);
        if (finish.Mean is not null)
        {
            long[] perChannel = finish.ChannelsLast ? [-1] : [-1, 1, 1];
            result = result.sub_(finish.Mean.view(perChannel)).div_(finish.Deviation!.view(perChannel));
        }
        return (finish.ToBFloat16 ? result.to(ScalarType.BFloat16) : result).MoveToOuterDisposeScope();
    }

    private static void ApplyOnCpu(Tensor images, float* deltas, float* weights, Tensor result, ForgetVectorShape shape, ForgetVectorOutput output, float* mean, float* deviation)
    {
        switch (images.dtype == ScalarType.Byte, result.dtype == ScalarType.BFloat16)
        {
            case (false, false): ForgetVectorApplication.Cpu(Floats(images), deltas, weights, Floats(result), shape, output, mean, deviation); break;
            case (false, true): ForgetVectorApplication.Cpu(Floats(images), deltas, weights, Halves(result), shape, output, mean, deviation); break;
            case (true, false): ForgetVectorApplication.Cpu(Bytes(images), deltas, weights, Floats(result), shape, output, mean, deviation); break;
            case (true, true): ForgetVectorApplication.Cpu(Bytes(images), deltas, weights, Halves(result), shape, output, mean, deviation); break;
        }
    }

    private static void RequireImages(Tensor images, Tensor deltas, string deltasName, string operation)
    {
        Require.Plain(images, nameof(images), operation, ScalarType.Byte, ScalarType.Float32, ScalarType.Float64);
        if (images.dim() == 0) throw new ArgumentException($"{operation}: '{nameof(images)}' is a single number; it must be a batch, [N, ...].", nameof(images));
        if (images.dtype == ScalarType.Byte) Require.Beside(deltas, deltasName, images, operation);
        else Require.Alike(deltas, deltasName, images, operation);
    }

    private static void RequireVectors(Tensor deltas, Tensor batch, string operation)
    {
        var vectors = deltas.dim() == 0 ? 0 : deltas.size(0);
        if (vectors is < 1 or > ForgetVectorShape.MaxVectors)
            throw new ArgumentException($"{operation}: '{nameof(deltas)}' {Require.Shape(deltas)} must hold 1 to {ForgetVectorShape.MaxVectors} forget vectors.", nameof(deltas));
        Require.Shaped(deltas, nameof(deltas), operation, [vectors, .. batch.shape.AsSpan(1)]);
    }

    /// <summary>C and the consecutive elements of a channel; no channel without normalisation.</summary>
    private static (int Channels, long Plane) ChannelsOf(Tensor images, Tensor deltas, ImageFinish finish)
    {
        if (float.IsNaN(finish.Low) || float.IsNaN(finish.High))
            throw new ArgumentException($"{nameof(ApplyForgetVectors)}: values cannot be clamped to [{finish.Low}, {finish.High}].", nameof(finish));
        if (finish.Mean is null && finish.Deviation is null) return (0, 1);
        if (finish.Mean is null || finish.Deviation is null)
            throw new ArgumentException($"{nameof(ApplyForgetVectors)}: means and standard deviations come together; one of them is missing.", nameof(finish));
        if (images.dim() != 4)
            throw new ArgumentException($"{nameof(ApplyForgetVectors)}: 'images' is {Require.Shape(images)}; normalisation needs [N, C, H, W] or [N, H, W, C].", nameof(images));
        var channels = images.size(finish.ChannelsLast ? 3 : 1);
        foreach (var (values, name) in new[] { (finish.Mean, "mean"), (finish.Deviation, "deviation") })
        {
            Require.Floats(values, name, nameof(ApplyForgetVectors));
            Require.Alike(values, name, deltas, nameof(ApplyForgetVectors));
            Require.Shaped(values, name, nameof(ApplyForgetVectors), channels);
        }
        return ((int)channels, finish.ChannelsLast ? 1 : Math.Max(1, images.size(2) * images.size(3)));
    }
}
