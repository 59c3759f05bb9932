using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>From memory to a device without the host's waiting for what the device has still to do.</summary>
internal static class Upload
{
    /// <summary>
    /// A tensor in memory as it is on a device. Copied to a CUDA device from pageable memory it would make the host wait until the device has come so far; from pinned memory the copy is
    /// queued with the rest, and the tensor library keeps that memory until it is done.
    /// </summary>
    public static Tensor To(Tensor values, Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA) return values.to(device);
        using var pinned = values.pin_memory();
        return pinned.to(device, non_blocking: true);
    }

    /// <summary>As the other; the tensor in memory is disposed of.</summary>
    public static Tensor Taking(Tensor values, Device device)
    {
        using (values) return To(values, device);
    }
}
