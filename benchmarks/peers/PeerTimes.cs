namespace Lacuna.Peers;

/// <summary>A side of the peer.</summary>
/// <param name="Times">Its times.</param>
/// <param name="Layout">The layout that was faster in a trial: contiguous or channels-last.</param>
/// <param name="SpinCount">The GOMP_SPINCOUNT that was faster; null for the library's own.</param>
internal sealed record PeerTimes(SideTimes Times, string Layout, int? SpinCount);
