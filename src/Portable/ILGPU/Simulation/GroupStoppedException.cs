namespace Lacuna.Portable.Simulation;

/// <summary>Unwinds a waiting lane after another one has failed.</summary>
internal sealed class GroupStoppedException : Exception;
