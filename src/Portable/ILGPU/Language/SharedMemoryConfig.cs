using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>How much dynamic shared memory a launch gives each group.</summary>
public readonly struct SharedMemoryConfig(int numElements, int elementSize)
{
    public static readonly SharedMemoryConfig Empty = default;

    public int NumElements { get; } = numElements;
    /// <summary>In bytes.</summary>
    public int ElementSize { get; } = elementSize;
    /// <summary>In bytes.</summary>
    public int ArraySize => NumElements * ElementSize;
    public bool UsesDynamicSharedMemory => NumElements > 0;

    public static SharedMemoryConfig RequestDynamic<T>(int numElements) where T : unmanaged => new(numElements, Unsafe.SizeOf<T>());
}
