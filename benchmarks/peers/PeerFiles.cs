namespace Lacuna.Peers;

/// <summary>What other processes read.</summary>
/// <param name="Architecture">The network's make.</param>
/// <param name="Weights">Its file.</param>
/// <param name="Inputs">File of the tensors that all sides are given.</param>
internal sealed record PeerFiles(string Architecture, string Weights, string Inputs);
