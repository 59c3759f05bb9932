using Lacuna.Data;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>What is done to images before a model is shown them.</summary>
internal abstract class Shift(string name)
{
    /// <summary>Number of the training images among the draws.</summary>
    public const int TrainPart = 0;

    /// <summary>Number of the test images.</summary>
    public const int TestPart = 1;

    /// <summary>For axes and tables.</summary>
    public string Name { get; } = name;

    /// <summary>Whether every subject is shown the same images.</summary>
    public virtual bool SameForAll => true;

    /// <summary>Shifted images [B, C, H, W] in [0,1] without a forget vector; the caller owns them.</summary>
    public abstract Tensor Of(Batch batch, int part, Subject subject, CancellationToken cancellation);
}
