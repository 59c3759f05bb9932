using ILGPU;

namespace Lacuna.Kernels;

/// <summary>
/// Where a thread starts and how far it steps when all threads along the grid's x axis share one range of elements.
/// Products are taken in 64 bits: a grid may have 2^31 groups of 2^10 threads.
/// </summary>
internal static class GridStride
{
    internal static long First() => (long)Grid.IdxX * Group.DimX + Group.IdxX;

    internal static long Step() => (long)Grid.DimX * Group.DimX;
}
