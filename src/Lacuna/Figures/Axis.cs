namespace Lacuna.Figures;

/// <summary>What one direction of a panel measures.</summary>
/// <param name="Label">Quantity and unit, for example "accuracy (%)".</param>
/// <param name="Logarithmic">Whether its scale is logarithmic; values are then above zero.</param>
/// <param name="Minimum">Where it starts; null for what the values need.</param>
/// <param name="Maximum">Where it ends; null for what the values need.</param>
public sealed record Axis(string Label, bool Logarithmic = false, double? Minimum = null, double? Maximum = null);
