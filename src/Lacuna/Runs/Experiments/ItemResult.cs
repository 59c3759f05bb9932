namespace Lacuna.Runs.Experiments;

/// <summary>What came of an original or a method.</summary>
/// <param name="File">The network or forget vector, in the seed's folder; null where the method diverged.</param>
/// <param name="IsVector">Whether it is a forget vector.</param>
/// <param name="Steps">Updates made; null for an original and for what diverged.</param>
/// <param name="StopReason">Why it ended; null for an original.</param>
public sealed record ItemResult(string? File, bool IsVector, int? Steps, string? StopReason);
