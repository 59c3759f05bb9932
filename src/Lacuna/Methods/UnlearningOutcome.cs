using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>What a method leaves: a changed model, or an unchanged one together with a forget vector.</summary>
public sealed class UnlearningOutcome : IDisposable
{
    /// <summary>The model to evaluate. Owned by this outcome.</summary>
    public required Classifier Model { get; init; }

    /// <summary>[C, H, W], added to every evaluated image; null for methods that change the weights. Owned by this outcome.</summary>
    public Tensor? ForgetVector { get; init; }

    /// <summary>Updates made.</summary>
    public required int Steps { get; init; }

    /// <summary>Why it ended, for people: the stop rule, the last epoch, the cap.</summary>
    public required string StopReason { get; init; }

    /// <summary>False when a cap ended the run before the method's own stop rule was met.</summary>
    public required bool Converged { get; init; }

    /// <summary>Named series over steps or epochs: losses, norms.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Trace { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>What else belongs into the metadata of the result's file, such as a composition's coefficients.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        ForgetVector?.Dispose();
    }
}
