using Lacuna.Data;
using Lacuna.Methods.Training;

namespace Lacuna.Runs.Evaluations;

/// <summary>A split in a run, and the networks that were made on it.</summary>
/// <param name="Label">Run and task, for people.</param>
/// <param name="Split">What was forgotten.</param>
/// <param name="Source">Which data; null where the run does not say.</param>
/// <param name="Recipe">How the original was trained; null where that is not recorded.</param>
/// <param name="Networks">The original first, where it is still there.</param>
public sealed record FoundSplit(string Label, ForgetSplit Split, DataSource? Source, TrainingOptions? Recipe, IReadOnlyList<FoundNetwork> Networks);
