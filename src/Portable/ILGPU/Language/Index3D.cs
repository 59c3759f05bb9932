namespace ILGPU;

/// <summary>Three 32-bit indices or extents; X is the one that varies fastest.</summary>
public readonly struct Index3D(int x, int y, int z) : IEquatable<Index3D>
{
    public Index3D(int value) : this(value, value, value) { }
    public Index3D(Index2D xy, int z) : this(xy.X, xy.Y, z) { }
    public Index3D(int x, Index2D yz) : this(x, yz.X, yz.Y) { }

    public int X { get; } = x;
    public int Y { get; } = y;
    public int Z { get; } = z;
    public int Size => X * Y * Z;

    public static implicit operator Index3D((int X, int Y, int Z) values) => new(values.X, values.Y, values.Z);
    public static implicit operator LongIndex3D(Index3D index) => new(index.X, index.Y, index.Z);

    public bool Equals(Index3D other) => X == other.X && Y == other.Y && Z == other.Z;
    public override bool Equals(object? obj) => obj is Index3D other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(X, Y, Z);
    public override string ToString() => $"({X}, {Y}, {Z})";
}
