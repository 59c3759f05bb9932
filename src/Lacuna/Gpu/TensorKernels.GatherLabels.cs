using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>The labels of a batch's rows, int64 [B]. A row outside the set is an error, or -1 where a kernel meets it.</summary>
    /// <param name="labels">[M] int64 or int32.</param>
    /// <param name="rows">[B] int64.</param>
    public Tensor GatherLabels(Tensor labels, Tensor rows)
    {
        using var timed = Timed(nameof(GatherLabels));
        Require.Plain(labels, nameof(labels), nameof(GatherLabels), ScalarType.Int64, ScalarType.Int32);
        Require.Plain(rows, nameof(rows), nameof(GatherLabels), ScalarType.Int64);
        Require.Beside(rows, nameof(rows), labels, nameof(GatherLabels));
        var (count, batch) = (labels.numel(), rows.numel());
        Require.Shaped(labels, nameof(labels), nameof(GatherLabels), count);
        Require.Shaped(rows, nameof(rows), nameof(GatherLabels), batch);
        var small = labels.dtype == ScalarType.Int32;
        var way = WayFor(labels);
        if (way == Way.Operators)
        {
            using var scope = NewDisposeScope();
            return labels.index_select(0, rows).to(ScalarType.Int64).MoveToOuterDisposeScope();
        }
        var result = empty(batch, dtype: ScalarType.Int64, device: labels.device);
        if (way == Way.Launch)
        {
            Launch(small ? "LabelGather.Int32Kernel" : "LabelGather.Kernel", labels, LaunchSize.ForElements(batch, 256), View(labels), View(rows), View(result));
            return result;
        }
        var from = new ReadOnlySpan<long>(Longs(rows), checked((int)batch));
        var to = new Span<long>(Longs(result), checked((int)batch));
        if (small) LabelGather.Cpu(new ReadOnlySpan<int>((int*)Longs(labels), checked((int)count)), from, to);
        else LabelGather.Cpu(new ReadOnlySpan<long>(Longs(labels), checked((int)count)), from, to);
        return result;
    }
}
