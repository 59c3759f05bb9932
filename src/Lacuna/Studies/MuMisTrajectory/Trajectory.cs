namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>A watched run of MU-Mis.</summary>
/// <param name="Points">By step: the first is the original.</param>
/// <param name="EndStep">Updates after which the method ended by itself; null when it diverged before.</param>
/// <param name="Converged">Whether its stop rule ended it, and not the cap.</param>
/// <param name="EndReason">Why it ended, or how it diverged, in its own words.</param>
/// <param name="Delta">Its threshold on s_t / s_0.</param>
/// <param name="Beyond">What happened past the end, in a sentence; empty where the run was not taken further.</param>
public sealed record Trajectory(IReadOnlyList<TrajectoryPoint> Points, int? EndStep, bool Converged, string EndReason, double Delta, string Beyond);
