using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods.Attacks;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>Projected gradient descent away from the label, against one subject for all, or against each for itself.</summary>
internal sealed class AttackShift(LinfPgd attack, Subject? attacked, TensorKernels kernels)
    : Shift(FormattableString.Invariant($"PGD-{attack.Steps}{(attacked is null ? ", white-box" : "")}"))
{
    public override bool SameForAll => attacked is not null;

    public override Tensor Of(Batch batch, int part, Subject subject, CancellationToken cancellation)
    {
        var target = attacked ?? subject;
        return attack.Run(target.Model, batch.Images, batch.Labels, kernels, cancellation, target.ForgetVector);
    }
}
