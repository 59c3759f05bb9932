namespace Lacuna.Runs.Evaluations;

/// <summary>A network, or a forget vector for the original beside it, that a run left.</summary>
/// <param name="Name">original, retrain, or the method.</param>
/// <param name="File">Where it is.</param>
/// <param name="IsVector">Whether it is a forget vector.</param>
public sealed record FoundNetwork(string Name, string File, bool IsVector);
