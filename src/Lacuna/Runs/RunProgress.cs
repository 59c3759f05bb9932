namespace Lacuna.Runs;

/// <summary>Where a run is.</summary>
/// <param name="Stage">Name of the stage, for example "train original".</param>
/// <param name="Done">Units done of this stage.</param>
/// <param name="Total">Units of this stage.</param>
/// <param name="Message">The figures of the moment.</param>
/// <param name="Images">Images trained on so far in this stage, from which a rate is told; 0 where there is none.</param>
public readonly record struct RunProgress(string Stage, int Done, int Total, string Message, long Images = 0);
