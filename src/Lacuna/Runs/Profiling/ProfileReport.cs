using Lacuna.Profiling;

namespace Lacuna.Runs.Profiling;

/// <summary>Where a run's time went.</summary>
/// <param name="Environment">On what.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Options">Its options.</param>
/// <param name="Forget">The words of the forget set.</param>
/// <param name="Seconds">The whole time.</param>
/// <param name="Peak">What the device reaches.</param>
/// <param name="MultiplyAddsPerImage">Of one forward pass.</param>
/// <param name="ImagesPerSecond">Images through forward passes over the whole time.</param>
/// <param name="Gflops">Operations of all passes whose count is known over the whole time, 1e9 a second.</param>
/// <param name="ShareOfPeak">That rate over the device's for a matrix product.</param>
/// <param name="IdleShare">
/// CPU: the share of the threads' time in which this process had no processor, because a thread waited or another process ran. CUDA: the share of the time in which no pass, kernel or copy was under way.
/// </param>
/// <param name="Shares">What the time divides into, largest first.</param>
/// <param name="Spans">The same as a tree, with what lies within what.</param>
public sealed record ProfileReport(RunEnvironment Environment, string Method, object Options, string Forget, double Seconds, DevicePeak Peak, long MultiplyAddsPerImage,
    double ImagesPerSecond, double Gflops, double ShareOfPeak, double IdleShare, IReadOnlyList<ProfileShare> Shares, SpanNode Spans);
