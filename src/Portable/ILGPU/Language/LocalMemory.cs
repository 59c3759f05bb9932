using ILGPU.Runtime;
using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>Memory of one thread. It starts unwritten: reading an element before it was written is an error. Extents must be constants.</summary>
public static class LocalMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => Lane.Current.AllocateLocal<T>(extent);
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => Lane.Current.AllocateLocal<T>(extent.X);
}
