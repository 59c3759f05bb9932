namespace Lacuna.Data.Images.Packing;

/// <summary>How far packing is.</summary>
/// <param name="Done">Images looked at.</param>
/// <param name="Total">Images altogether.</param>
/// <param name="Damaged">Those of them that cannot be used.</param>
public readonly record struct PackProgress(int Done, int Total, int Damaged);
