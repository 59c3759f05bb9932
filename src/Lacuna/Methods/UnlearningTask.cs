using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Numerics;

namespace Lacuna.Methods;

/// <summary>What every method is given besides its options and the model.</summary>
/// <param name="Train">The set the model was trained on.</param>
/// <param name="Split">Which of its rows are to be forgotten and which are kept.</param>
/// <param name="Draws">All random numbers.</param>
/// <param name="Compute">Where the model and the batches live, and the kernels there.</param>
/// <param name="Progress">Receives (done, of, message) now and then.</param>
public sealed record UnlearningTask(ImageSet Train, ForgetSplit Split, DrawSource Draws, Compute Compute, IProgress<MethodProgress> Progress)
{
    /// <summary>Where the model and the batches live.</summary>
    public torch.Device Device => Compute.Device;

    /// <summary>Who is shown the model between the steps; null for nobody. MU-Mis shows its model, the other methods pass it over.</summary>
    public MethodObserver? Observer { get; init; }

    /// <summary>
    /// [C, H, W], the forget vector that an earlier request left on the model and that is added to every image; null for none. A method whose parameter is the
    /// vector goes on from it, as methods whose parameters are the weights go on from those.
    /// </summary>
    public torch.Tensor? EarlierVector { get; init; }
}

/// <summary>How far a method is.</summary>
/// <param name="Done">Units of work done.</param>
/// <param name="Total">Units at most; a method may stop before.</param>
/// <param name="Message">The figures of the moment, for people.</param>
/// <param name="Images">Images trained on so far, from which a rate is told; 0 where there is none.</param>
public readonly record struct MethodProgress(int Done, int Total, string Message, long Images = 0);
