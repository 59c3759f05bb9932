namespace ILGPU;

/// <summary>A pair of 32-bit indices or extents; X is the one that varies fastest.</summary>
public readonly struct Index2D(int x, int y) : IEquatable<Index2D>
{
    public Index2D(int value) : this(value, value) { }

    public int X { get; } = x;
    public int Y { get; } = y;
    public int Size => X * Y;

    public static implicit operator Index2D((int X, int Y) values) => new(values.X, values.Y);

    public bool Equals(Index2D other) => X == other.X && Y == other.Y;
    public override bool Equals(object? obj) => obj is Index2D other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(X, Y);
    public override string ToString() => $"({X}, {Y})";
}
