using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>omega += scale * |g|, or scale * g^2, for every parameter at once; in place in <paramref name="omegas"/>.</summary>
    /// <param name="gradients">One a parameter.</param>
    /// <param name="omegas">Of the same shapes.</param>
    /// <param name="scale">One over the number of gradients that will be added.</param>
    /// <param name="measure">What a gradient adds.</param>
    public void AccumulateImportance(IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> omegas, float scale, ImportanceMeasure measure)
    {
        using var timed = Timed(nameof(AccumulateImportance));
        Require.Counterparts(omegas, nameof(omegas), gradients, nameof(gradients), nameof(AccumulateImportance));
        Require.Counterparts(gradients, nameof(gradients), omegas, nameof(omegas), nameof(AccumulateImportance));
        if (omegas.Count == 0) return;
        using var tensors = new SegmentedTensors(nameof(AccumulateImportance));
        tensors.Take(new(nameof(omegas), omegas, Written: true), new(nameof(gradients), gradients, Written: false));
        var device = omegas[0].device;
        switch (WayFor(omegas[0]))
        {
            case Way.Cpu:
                ImportanceAccumulation.Cpu(tensors.Segments, scale, measure);
                break;
            case Way.Launch:
                Launch("ImportanceAccumulation.Kernel", omegas[0], LaunchSize.For(tensors.Segments.Chunks), tensors.Memory(device), tensors.Table(device),
                    tensors.Segments.Count, scale, measure == ImportanceMeasure.Squared ? 1 : 0);
                break;
            default:
                for (var i = 0; i < omegas.Count; i++)
                    using (var magnitude = measure == ImportanceMeasure.Squared ? gradients[i].square() : gradients[i].abs())
                        omegas[i].add_(magnitude, alpha: scale);
                break;
        }
    }
}
