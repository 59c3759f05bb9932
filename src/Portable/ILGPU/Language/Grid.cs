using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>The place of the calling thread's group in the launch, in groups. Valid inside a kernel.</summary>
public static class Grid
{
    public static int IdxX => Index.X;
    public static int IdxY => Index.Y;
    public static int IdxZ => Index.Z;
    public static Index3D Index => Lane.Current.Group.Index;

    public static int DimX => Dimension.X;
    public static int DimY => Dimension.Y;
    public static int DimZ => Dimension.Z;
    public static Index3D Dimension => Lane.Current.Group.Launch.GridDim;

    public static int LinearIndex => (Index.Z * DimY + Index.Y) * DimX + Index.X;
    public static Index3D GlobalIndex => ComputeGlobalIndex(Index, Group.Index);
    public static LongIndex3D LongGlobalIndex => ComputeLongGlobalIndex(Index, Group.Index);
    public static int GlobalLinearIndex => LinearIndex * Group.Dimension.Size + Group.LinearIndex;

    public static Index1D ComputeGlobalIndex(Index1D gridIdx, Index1D groupIdx) => groupIdx + gridIdx * Group.DimX;

    public static Index2D ComputeGlobalIndex(Index2D gridIdx, Index2D groupIdx) =>
        new(groupIdx.X + gridIdx.X * Group.DimX, groupIdx.Y + gridIdx.Y * Group.DimY);

    public static Index3D ComputeGlobalIndex(Index3D gridIdx, Index3D groupIdx) =>
        new(groupIdx.X + gridIdx.X * Group.DimX, groupIdx.Y + gridIdx.Y * Group.DimY, groupIdx.Z + gridIdx.Z * Group.DimZ);

    public static LongIndex1D ComputeLongGlobalIndex(Index1D gridIdx, Index1D groupIdx) => groupIdx.X + gridIdx.X * (long)Group.DimX;

    public static LongIndex3D ComputeLongGlobalIndex(Index3D gridIdx, Index3D groupIdx) =>
        new(groupIdx.X + gridIdx.X * (long)Group.DimX, groupIdx.Y + gridIdx.Y * (long)Group.DimY, groupIdx.Z + gridIdx.Z * (long)Group.DimZ);
}
