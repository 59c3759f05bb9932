using Lacuna.Data;
using Lacuna.Kernels;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Photographs of 256x256 to batches of 224x224, each a rectangle of random size and shape, mirrored or not.</summary>
internal sealed class ResizeCropsCase : BenchCase
{
    private const int Stored = 256, Given = 224;

    public override string Name => "resize-crops";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * Given * Given;
        var batch = (int)Math.Max(1, bytes / (sizeof(float) * elements));
        using var pixels = DrawPixels([batch, 3, Stored, Stored], device, seed);
        using var scaled = pixels.mul(256);
        var places = Enumerable.Range(0, batch).ToArray();
        var rectangles = Augmentation.Inception.DrawRectangles(new DrawSource((ulong)seed), 0, places, Stored, Stored);
        var (set, rows) = (scaled.to(ScalarType.Byte), tensor(Array.ConvertAll(places, row => (long)row), device: device));
        var crops = tensor(rectangles, [batch, ResizedCrop.CropSize], device: device);
        var read = rectangles.Chunk(ResizedCrop.CropSize).Sum(crop => 3L * crop[2] * crop[3]);
        return new($"{batch} x 3 x {Given} x {Given} of {Stored} x {Stored}", sizeof(float) * batch * elements + read, [set, rows, crops],
            kernels => kernels.ResizeCrops(set, rows, crops, Given, Given).Dispose(),
            (kernels, type) => [kernels.ResizeCrops(set, rows, crops, Given, Given).to(type)]);
    }
}
