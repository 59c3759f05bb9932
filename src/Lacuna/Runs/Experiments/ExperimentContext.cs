using Lacuna.Data;
using Lacuna.Gpu;

namespace Lacuna.Runs.Experiments;

/// <summary>What all parts of an experiment share.</summary>
/// <param name="Plan">What is to be done.</param>
/// <param name="Data">The images.</param>
/// <param name="Compute">Where, and with which kernels.</param>
/// <param name="Folder">Where results go, and finished items are found.</param>
/// <param name="Cache">Where trained networks are kept between experiments; null for nowhere.</param>
/// <param name="Clock">Measures run time.</param>
/// <param name="Progress">Told what is going on.</param>
/// <param name="Note">Told of what a user should know and that stops nothing.</param>
public sealed record ExperimentContext(
    ExperimentPlan Plan, LoadedData Data, Compute Compute, ExperimentFolder Folder, NetworkCache? Cache, TimeProvider Clock, IProgress<RunProgress> Progress, Action<string> Note);
