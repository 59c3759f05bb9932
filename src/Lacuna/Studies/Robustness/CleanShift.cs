using Lacuna.Data;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>The images as they are.</summary>
internal sealed class CleanShift() : Shift("clean")
{
    public override Tensor Of(Batch batch, int part, Subject subject, CancellationToken cancellation) => batch.Images.alias();
}
