using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>omega += scale * |g|, or scale * g^2; in place in <paramref name="omega"/>.</summary>
    public void AccumulateImportance(Tensor gradient, Tensor omega, float scale, ImportanceMeasure measure)
    {
        Require.Floats(gradient, nameof(gradient), nameof(AccumulateImportance));
        Require.Floats(omega, nameof(omega), nameof(AccumulateImportance));
        Require.Alike(omega, nameof(omega), gradient, nameof(AccumulateImportance));
        Require.Shaped(omega, nameof(omega), nameof(AccumulateImportance), gradient.shape);
        Require.Apart(omega, nameof(omega), gradient, nameof(gradient), nameof(AccumulateImportance));
        switch (WayFor(gradient))
        {
            case Way.Cpu:
                ImportanceAccumulation.Cpu(Floats(omega), Floats(gradient), gradient.numel(), scale, measure);
                break;
            case Way.Launch:
                Launch(measure == ImportanceMeasure.Squared ? "ImportanceAccumulation.SquaredKernel" : "ImportanceAccumulation.AbsoluteKernel", gradient,
                    LaunchSize.ForElements(gradient.numel(), 256), View(omega), View(gradient), scale);
                break;
            default:
                using (var magnitude = measure == ImportanceMeasure.Squared ? gradient.square() : gradient.abs()) omega.add_(magnitude, alpha: scale);
                break;
        }
    }
}
