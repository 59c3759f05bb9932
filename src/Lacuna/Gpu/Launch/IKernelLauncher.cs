using static TorchSharp.torch;

namespace Lacuna.Gpu.Launch;

/// <summary>Runs kernels of <see cref="Lacuna.Kernels.KernelCatalogue"/> on a device, in the order of the tensor library's own work there.</summary>
public interface IKernelLauncher
{
    /// <summary>Whether kernels run on tensors of this device.</summary>
    bool Serves(Device device);

    /// <summary>
    /// Queues a kernel and returns. A launch without any group does nothing.
    /// </summary>
    /// <param name="kernel">Its name in the catalogue, for example <c>InputSensitivity.Kernel</c>.</param>
    /// <param name="device">Where the views' memory is.</param>
    /// <param name="size">The grid.</param>
    /// <param name="arguments">One for every parameter, in order.</param>
    /// <exception cref="ArgumentException">The arguments do not fit the kernel's parameters.</exception>
    void Launch(string kernel, Device device, LaunchSize size, params ReadOnlySpan<KernelArgument> arguments);
}
