using Lacuna.Models;

namespace Lacuna.Methods;

/// <summary>One way to forget. Implementations are immutable: options in the constructor, everything else per run.</summary>
public interface IUnlearningMethod
{
    /// <summary>Short name, as on the command line.</summary>
    string Name { get; }

    /// <summary>The options, for the record of the run.</summary>
    object Options { get; }

    /// <summary>Forgets. <paramref name="original"/> is never changed; the outcome owns what it holds.</summary>
    /// <exception cref="OperationCanceledException">The token asked for it; nothing is left behind.</exception>
    UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation);
}
