namespace Lacuna.Peers;

/// <summary>Times of one side in milliseconds a step.</summary>
/// <param name="BestMs">Shortest repetition.</param>
/// <param name="MedianMs">Middle repetition.</param>
/// <param name="PeakBytes">
/// Most memory of all repetitions. CPU: by how much the process's resident memory rose while it was measured, free memory given back to the system before. CUDA: highest allocation of PyTorch's allocator. Null where nothing counts it.
/// </param>
internal sealed record SideTimes(double BestMs, double MedianMs, long? PeakBytes);

/// <summary>A side of the peer.</summary>
/// <param name="Times">Its times.</param>
/// <param name="Layout">The layout that was faster in a trial: contiguous or channels-last.</param>
/// <param name="SpinCount">The GOMP_SPINCOUNT that was faster; null for the library's own.</param>
/// <param name="Difference">Norm of the difference of our results from these, over the norm of these.</param>
internal sealed record PeerTimes(SideTimes Times, string Layout, int? SpinCount, double Difference);

/// <summary>A step of a network on both sides.</summary>
/// <param name="Network">Architecture.</param>
/// <param name="Step">Which step.</param>
/// <param name="Images">Images in it.</param>
/// <param name="StepsMeasured">How many were done one after another in each repetition.</param>
/// <param name="Ours">This engine.</param>
/// <param name="Tuned">PyTorch as well as one can.</param>
/// <param name="Authors">PyTorch as the published scripts go about it.</param>
/// <param name="Limit">The largest difference that counts as agreement.</param>
/// <param name="Note">What else must be known.</param>
internal sealed record PeerRow(string Network, string Step, int Images, int StepsMeasured, SideTimes Ours, PeerTimes Tuned, PeerTimes Authors, double Limit, string Note)
{
    /// <summary>Theirs over ours, best of each: above 1 we are faster.</summary>
    public double TunedRatio => Tuned.Times.BestMs / Ours.BestMs;

    /// <summary>The same of the medians.</summary>
    public double TunedMedianRatio => Tuned.Times.MedianMs / Ours.MedianMs;

    /// <summary>Theirs over ours, best of each.</summary>
    public double AuthorsRatio => Authors.Times.BestMs / Ours.BestMs;

    /// <summary>Whether all three computed the same.</summary>
    public bool Agrees => Tuned.Difference <= Limit && Authors.Difference <= Limit;
}
