using Lacuna.Data;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>Noise or an elastic transformation.</summary>
internal sealed class CorruptionShift(Corruption corruption, DrawSource draws) : Shift(corruption.Name)
{
    public override Tensor Of(Batch batch, int part, Subject subject, CancellationToken cancellation) =>
        corruption.Apply(batch.Images, batch.Rows, draws, part, cancellation);
}
