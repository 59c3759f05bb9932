namespace Lacuna.Figures;

/// <summary>A named place on an axis.</summary>
/// <param name="At">Value on the axis.</param>
/// <param name="Name">What is there.</param>
public readonly record struct Mark(double At, string Name);
