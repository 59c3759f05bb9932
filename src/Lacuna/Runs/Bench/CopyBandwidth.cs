using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>The rate of a plain copy: what a streaming kernel is measured against.</summary>
internal static unsafe class CopyBandwidth
{
    private const long Piece = 1 << 20;

    /// <summary>1e9 bytes a second, read and written together, of the fastest sample: on the CPU by all its processors, past the caches.</summary>
    public static double Measure(Device device, long bytes, IWorkTimer timer, int samples)
    {
        using var from = ones(bytes, dtype: ScalarType.Byte, device: device);
        using var to = zeros(bytes, dtype: ScalarType.Byte, device: device);
        Action copy = device.type == DeviceType.CPU ? () => CopyByProcessors(from, to) : () => to.copy_(from);
        return 2e-6 * bytes / Enumerable.Range(0, samples).Min(_ => timer.Ms(copy));
    }

    // The tensor library copies one tensor by one thread, and memcpy of a piece reads every line before it overwrites it.
    private static void CopyByProcessors(Tensor from, Tensor to)
    {
        var (source, target, bytes) = (Gpu.TensorStack.Current.DataPointer(from), Gpu.TensorStack.Current.DataPointer(to), from.numel());
        Parallel.For(0, bytes / Piece, piece =>
        {
            byte* x = (byte*)source + piece * Piece, y = (byte*)target + piece * Piece;
            for (long i = 0; i < Piece; i += 64)
            {
                var (a, b) = (Vector256.Load(x + i), Vector256.Load(x + i + 32));
                a.StoreAlignedNonTemporal(y + i);
                b.StoreAlignedNonTemporal(y + i + 32);
            }
        });
    }
}
