using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>The rate of a plain copy: what a streaming kernel is measured against.</summary>
internal static unsafe class CopyBandwidth
{
    private const long Piece = 1 << 20;

    /// <summary>1e9 bytes a second, read and written together; on the CPU with all its processors.</summary>
    public static double Measure(Device device, long bytes, IWorkTimer timer, int samples)
    {
        using var from = ones(bytes, dtype: ScalarType.Byte, device: device);
        using var to = empty(bytes, dtype: ScalarType.Byte, device: device);
        Action copy = device.type == DeviceType.CPU ? () => CopyByProcessors(from, to) : () => to.copy_(from);
        copy();
        var times = Enumerable.Range(0, samples).Select(_ => timer.Ms(copy)).ToArray();
        return 2e-6 * bytes / Median.Of(times);
    }

    // The tensor library's copy of one tensor uses one thread for long stretches; a kernel uses all.
    private static void CopyByProcessors(Tensor from, Tensor to)
    {
        var (source, target, bytes) = (Gpu.TensorStack.Current.DataPointer(from), Gpu.TensorStack.Current.DataPointer(to), from.numel());
        Parallel.For(0, (bytes + Piece - 1) / Piece, piece =>
        {
            var count = Math.Min(Piece, bytes - piece * Piece);
            Buffer.MemoryCopy((byte*)source + piece * Piece, (byte*)target + piece * Piece, count, count);
        });
    }
}
