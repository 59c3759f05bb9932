using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>An image set's pixels and labels as tensors, put on each device once: batches are made of them there.</summary>
internal sealed class ResidentImages(ImageSet set)
{
    // Spans have 32 bits.
    private const int Piece = 1 << 24;

    private readonly Dictionary<string, (Tensor Pixels, Tensor Labels)> _onDevice = [];

    public (Tensor Pixels, Tensor Labels) On(Device device)
    {
        lock (_onDevice)
        {
            var name = device.ToString();
            if (_onDevice.TryGetValue(name, out var there)) return there;
            // Not the current scope's to dispose of: other batches need them.
            var pixels = Upload(device).DetachFromDisposeScope();
            return _onDevice[name] = (pixels, tensor(Array.ConvertAll(set.Labels.ToArray(), label => (long)label), device: device).DetachFromDisposeScope());
        }
    }

    private Tensor Upload(Device device)
    {
        using var scope = NewDisposeScope();
        var all = empty([set.Count, set.Channels, set.StoredHeight, set.StoredWidth], dtype: ScalarType.Byte);
        var flat = all.view(-1);
        for (long at = 0; at < set.Pixels.Length; at += Piece)
        {
            var length = (int)Math.Min(Piece, set.Pixels.Length - at);
            using var part = flat.narrow(0, at, length);
            set.Pixels.Slice(at, length).CopyTo(part.bytes);
        }
        return all.to(device).MoveToOuterDisposeScope();
    }
}
