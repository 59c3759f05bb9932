using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>An image set's pixels and labels as tensors, put on each device once: batches are made of them there.</summary>
internal sealed class ResidentImages(byte[] pixels, int[] labels, long[] shape)
{
    private readonly Dictionary<string, (Tensor Pixels, Tensor Labels)> _onDevice = [];

    public (Tensor Pixels, Tensor Labels) On(Device device)
    {
        lock (_onDevice)
        {
            var name = device.ToString();
            if (_onDevice.TryGetValue(name, out var there)) return there;
            // Not the current scope's to dispose of: other batches need them.
            var uploaded = tensor(pixels, shape, device: device).DetachFromDisposeScope();
            return _onDevice[name] = (uploaded, tensor(Array.ConvertAll(labels, label => (long)label), device: device).DetachFromDisposeScope());
        }
    }
}
