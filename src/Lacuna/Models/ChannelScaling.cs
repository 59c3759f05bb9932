using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// Mean and deviation as tensors [1, C, 1, 1] of the images' own type and device. Kept outside the module's registry,
/// because public checkpoints have no such buffers.
/// </summary>
internal sealed class ChannelScaling(Normalisation normalisation) : IDisposable
{
    private Tensor? _mean;
    private Tensor? _std;

    public Tensor Apply(Tensor images)
    {
        Prepare(images);
        using var centred = images - _mean!;
        return centred / _std!;
    }

    /// <summary>Gradients and directions, which know of the deviation alone.</summary>
    public Tensor Divide(Tensor images)
    {
        Prepare(images);
        return images / _std!;
    }

    private void Prepare(Tensor images)
    {
        if (_mean is null || _std is null || _mean.dtype != images.dtype || !SameDevice(_mean.device, images.device))
        {
            Dispose();
            _mean = Column(normalisation.Mean, images);
            _std = Column(normalisation.Std, images);
        }
    }

    public void Dispose()
    {
        _mean?.Dispose();
        _std?.Dispose();
        _mean = _std = null;
    }

    // Through float64, so that a float64 model sees the float32 constants widened and not rounded twice.
    private static Tensor Column(IReadOnlyList<float> values, Tensor like)
    {
        using var cpu = tensor(values.Select(v => (double)v).ToArray(), [1, values.Count, 1, 1]);
        return cpu.to(like.dtype).to(like.device).DetachFromDisposeScope();
    }

    private static bool SameDevice(Device a, Device b) => a.type == b.type && a.index == b.index;
}
