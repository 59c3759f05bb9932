using Lacuna.Benchmarks.Steps;

namespace Lacuna.Peers;

/// <summary>What a process of its own is to measure.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Weights">The network's file.</param>
/// <param name="Steps">How many one after another.</param>
/// <param name="Threads">Of the tensor library.</param>
/// <param name="Options">How much there is to do.</param>
/// <param name="Warming">The same for what goes before, so that code is compiled and threads run.</param>
internal sealed record PeakMemoryRequest(string Step, string Weights, int Steps, int Threads, SettingOptions Options, SettingOptions Warming);
