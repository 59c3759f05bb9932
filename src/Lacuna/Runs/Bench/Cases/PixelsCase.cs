using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A batch of CIFAR's size from uint8 to clamped and normalised bfloat16, with a forget vector on the way. The size is that of the result in float32.</summary>
internal sealed class PixelsCase : BenchCase
{
    public override string Name => "pixels-to-bfloat16";

    /// <summary>A step of bfloat16.</summary>
    public override double Tolerance => 1.0 / 256;

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        using var drawn = DrawPixels([samples, 3, 32, 32], device, seed);
        var images = drawn.mul_(256).to(ScalarType.Byte);
        var delta = Draw([1, 3, 32, 32], device, seed + 1);
        var weight = ones(1, device: device); // exact products: no device's fused multiplication may round to another bfloat16
        var mean = DrawPixels([3], device, seed + 3);
        var deviation = DrawPixels([3], device, seed + 4).add_(0.5);
        ImageFinish Finish(ScalarType type) => new() { Low = 0, High = 1, Mean = mean.to(type), Deviation = deviation.to(type), ToBFloat16 = type == ScalarType.Float32 };
        var finish = Finish(ScalarType.Float32);
        return new($"{samples} x 3 x 32 x 32", 3 * samples * elements + sizeof(float) * elements, [images, delta, weight, mean, deviation],
            kernels => kernels.ApplyForgetVectors(images, delta, weight, finish).Dispose(),
            (kernels, type) => [kernels.ApplyForgetVectors(images, delta.to(type), weight.to(type), Finish(type))]);
    }
}
