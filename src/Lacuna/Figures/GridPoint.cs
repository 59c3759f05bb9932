namespace Lacuna.Figures;

/// <summary>A named place in a grid, in cells.</summary>
/// <param name="Row">0 is the middle of the first row.</param>
/// <param name="Column">0 is the middle of the first column.</param>
/// <param name="Name">What is there.</param>
public sealed record GridPoint(double Row, double Column, string Name);
