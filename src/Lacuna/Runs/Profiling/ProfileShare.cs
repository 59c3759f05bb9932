using Lacuna.Profiling;

namespace Lacuna.Runs.Profiling;

/// <summary>One of the things that a run's time is divided among; together they make the whole.</summary>
/// <param name="Kind">What it is; the phases' own time is one share, of other work.</param>
/// <param name="Name">Which.</param>
/// <param name="Calls">How often.</param>
/// <param name="Seconds">Time in which this and nothing within it was under way.</param>
/// <param name="Share">Of the whole time.</param>
/// <param name="Images">Images that went through it; 0 where none do.</param>
/// <param name="ImagesPerSecond">Of a pass, the kernels in it counted with it; null where no images go through.</param>
/// <param name="Gflops">Operations of the pass in its convolutions, linear layers and attention over the same time, 1e9 a second; null where they are not known.</param>
/// <param name="ShareOfPeak">That rate over the device's for a matrix product.</param>
public sealed record ProfileShare(SpanKind Kind, string Name, long Calls, double Seconds, double Share, long Images, double? ImagesPerSecond, double? Gflops, double? ShareOfPeak);
