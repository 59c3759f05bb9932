using ILGPU;

namespace Lacuna.Portable.Simulation;

/// <summary>A kernel with its launch shape; <paramref name="Body"/> is what each lane runs.</summary>
internal sealed record Launch(string Kernel, Index3D GridDim, Index3D GroupDim, SharedMemoryConfig Shared, Action Body);
