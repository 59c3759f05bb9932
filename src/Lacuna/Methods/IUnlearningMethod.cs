using Lacuna.Models;

namespace Lacuna.Methods;

/// <summary>One way to forget. Implementations are immutable: options in the constructor, everything else per run.</summary>
public interface IUnlearningMethod
{
    /// <summary>Short name, as on the command line.</summary>
    string Name { get; }

    /// <summary>The options, for the record of the run.</summary>
    object Options { get; }

    /// <summary>Checks that the method can work on this network, before anything is computed or written.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says why and what can be done.</exception>
    void CheckFits(Classifier original);

    /// <summary>Forgets. <paramref name="original"/> is never changed; the outcome owns what it holds.</summary>
    /// <exception cref="ArgumentException">As for <see cref="CheckFits"/>.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it; nothing is left behind.</exception>
    UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation);
}
