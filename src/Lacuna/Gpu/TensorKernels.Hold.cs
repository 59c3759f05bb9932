using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// How strongly each weight is held: 1 - minmax(omega), per tensor, in [0,1]. A tensor whose entries are all equal has
    /// no scale to speak of; its weights are held fully (1). L2UL section "weight importance".
    /// </summary>
    /// <param name="importance">One a parameter.</param>
    /// <returns>New tensors of the same shapes.</returns>
    public IReadOnlyList<Tensor> Hold(IReadOnlyList<Tensor> importance)
    {
        using var timed = Timed(nameof(Hold));
        Require.Counterparts(importance, nameof(importance), importance, nameof(importance), nameof(Hold));
        if (importance.Count == 0) return [];
        var way = WayFor(importance[0]);
        if (way == Way.Operators) return [.. importance.Select(HoldOf)];
        Tensor[] hold = [.. importance.Select(omega => empty_like(omega))];
        using var tensors = new SegmentedTensors(nameof(Hold));
        tensors.Take(new(nameof(importance), importance, Written: false), new("hold", hold, Written: true));
        if (way == Way.Cpu)
        {
            ImportanceHold.Cpu(tensors.Segments);
            return hold;
        }
        var device = importance[0].device;
        var (count, chunks) = (tensors.Segments.Count, tensors.Segments.Chunks);
        if (chunks == 0) return hold;
        using var partial = empty(2 * chunks, device: device);
        using var extrema = empty(2 * count, device: device);
        Launch("ImportanceHold.ExtremaKernel", partial, LaunchSize.For(chunks), tensors.Memory(device), tensors.Table(device), count, View(partial));
        Launch("ImportanceHold.SegmentKernel", partial, LaunchSize.For(count), tensors.Table(device), count, View(partial), View(extrema));
        Launch("ImportanceHold.MapKernel", partial, LaunchSize.For(chunks), tensors.Memory(device), tensors.Table(device), count, View(extrema));
        return hold;
    }

    private static Tensor HoldOf(Tensor omega)
    {
        if (omega.numel() == 0) return empty_like(omega);
        using var scope = NewDisposeScope();
        var low = omega.min();
        var range = omega.max() - low;
        var scaled = (omega - low) / range;
        return where(range > 0, 1 - scaled, ones_like(omega)).MoveToOuterDisposeScope();
    }
}
