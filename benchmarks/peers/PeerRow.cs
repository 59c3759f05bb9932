namespace Lacuna.Peers;

/// <summary>A step of a network on all sides.</summary>
/// <param name="Network">Architecture.</param>
/// <param name="Step">Which step.</param>
/// <param name="Images">Images in it.</param>
/// <param name="StepsMeasured">How many were done one after another in each repetition.</param>
/// <param name="Ours">This engine.</param>
/// <param name="Tuned">PyTorch as well as one can.</param>
/// <param name="Authors">PyTorch as the published scripts go about it.</param>
/// <param name="Agreement">How far the results are from the yardstick.</param>
/// <param name="Memory">What the step needs.</param>
/// <param name="Circumstances">When and beside what it was measured.</param>
/// <param name="Note">What else must be known.</param>
internal sealed record PeerRow(
    string Network, string Step, int Images, int StepsMeasured, SideTimes Ours, PeerTimes Tuned, PeerTimes Authors, Agreement Agreement, StepMemory Memory, Circumstances Circumstances, string Note)
{
    /// <summary>Theirs over ours, best of each: above 1 we are faster.</summary>
    public double TunedRatio => Tuned.Times.BestMs / Ours.BestMs;

    /// <summary>The same of the medians.</summary>
    public double TunedMedianRatio => Tuned.Times.MedianMs / Ours.MedianMs;

    /// <summary>Theirs over ours, best of each.</summary>
    public double AuthorsRatio => Authors.Times.BestMs / Ours.BestMs;
}
