namespace Lacuna.Portable.Simulation;

/// <summary>Which threads meet at a barrier.</summary>
internal enum Scope { Warp, Group }
