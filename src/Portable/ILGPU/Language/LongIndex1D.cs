namespace ILGPU;

/// <summary>A 64-bit index or extent along one axis.</summary>
public readonly struct LongIndex1D(long x) : IEquatable<LongIndex1D>
{
    public static readonly LongIndex1D Invalid = new(-1);
    public static readonly LongIndex1D Zero = new(0);
    public static readonly LongIndex1D One = new(1);

    public long X { get; } = x;
    public long Size => X;
    public bool IsFirst => X == 0;

    public LongIndex1D Add(LongIndex1D rhs) => this + rhs;
    public LongIndex1D Subtract(LongIndex1D rhs) => this - rhs;
    public bool InBounds(LongIndex1D dimension) => X >= 0 && X < dimension.X;
    public bool InBoundsInclusive(LongIndex1D dimension) => X >= 0 && X <= dimension.X;

    public static LongIndex1D Add(LongIndex1D first, LongIndex1D second) => first + second;
    public static LongIndex1D Subtract(LongIndex1D first, LongIndex1D second) => first - second;
    public static LongIndex1D Multiply(LongIndex1D first, LongIndex1D second) => first * second;
    public static LongIndex1D Divide(LongIndex1D first, LongIndex1D second) => first / second;
    public static LongIndex1D Min(LongIndex1D first, LongIndex1D second) => new(first.X < second.X ? first.X : second.X);
    public static LongIndex1D Max(LongIndex1D first, LongIndex1D second) => new(first.X > second.X ? first.X : second.X);
    public static LongIndex1D Clamp(LongIndex1D value, LongIndex1D min, LongIndex1D max) => Max(Min(value, max), min);

    public Index1D ToIntIndex() => new((int)X);
    public static explicit operator Index1D(LongIndex1D index) => index.ToIntIndex();
    public static implicit operator long(LongIndex1D idx) => idx.X;
    public static implicit operator LongIndex1D(long idx) => new(idx);
    public static explicit operator ulong(LongIndex1D idx) => (ulong)idx.X;

    public static LongIndex1D operator +(LongIndex1D first, LongIndex1D second) => new(first.X + second.X);
    public static LongIndex1D operator -(LongIndex1D first, LongIndex1D second) => new(first.X - second.X);
    public static LongIndex1D operator *(LongIndex1D first, LongIndex1D second) => new(first.X * second.X);
    public static LongIndex1D operator /(LongIndex1D first, LongIndex1D second) => new(first.X / second.X);
    public static bool operator ==(LongIndex1D first, LongIndex1D second) => first.X == second.X;
    public static bool operator !=(LongIndex1D first, LongIndex1D second) => first.X != second.X;

    public bool Equals(LongIndex1D other) => X == other.X;
    public override bool Equals(object? obj) => obj is LongIndex1D other && Equals(other);
    public override int GetHashCode() => X.GetHashCode();
    public override string ToString() => X.ToString();
}
