namespace Lacuna.Methods.Training;

/// <summary>A recipe that was measured with one network on one data set, under a name.</summary>
/// <param name="Name">By which it is asked for and recorded.</param>
/// <param name="Architecture">The network it was measured with.</param>
/// <param name="About">What it is for and what it reaches, in one line.</param>
/// <param name="Recipe">The recipe.</param>
public sealed record TrainingPreset(string Name, string Architecture, string About, TrainingOptions Recipe);
