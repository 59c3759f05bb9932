namespace ILGPU;

/// <summary>Three 64-bit indices or extents; X is the one that varies fastest.</summary>
public readonly struct LongIndex3D(long x, long y, long z) : IEquatable<LongIndex3D>
{
    public long X { get; } = x;
    public long Y { get; } = y;
    public long Z { get; } = z;

    public bool Equals(LongIndex3D other) => X == other.X && Y == other.Y && Z == other.Z;
    public override bool Equals(object? obj) => obj is LongIndex3D other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(X, Y, Z);
    public override string ToString() => $"({X}, {Y}, {Z})";
}
