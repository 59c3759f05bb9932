using ILGPU.Runtime;
using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>
/// Memory that the threads of a group share. It starts unwritten: reading an element before it was written is an error, and so is
/// touching what another thread wrote, or writing what another thread read, with no barrier in between.
/// Extents must be constants in the kernel's code. One place in the code is one allocation, however often it is passed.
/// </summary>
public static class SharedMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => Lane.Current.AllocateShared<T>(extent);
    public static ref T Allocate<T>() where T : unmanaged => ref Lane.Current.AllocateShared<T>(1)[0];
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => Lane.Current.AllocateShared<T>(extent.X);

    /// <summary>The memory that the launch asked for (<see cref="SharedMemoryConfig"/>), as elements of <typeparamref name="T"/>; every call gives the same bytes.</summary>
    public static ArrayView<T> GetDynamic<T>() where T : unmanaged => Lane.Current.Group.DynamicShared<T>();
}
