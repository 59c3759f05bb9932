using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// A number that meets a tensor: an integer, a real or a truth value. It is passed to native code by value
/// (lacuna::Number), so that <c>x * 2</c> allocates nothing; the official one is a class with a native handle.
/// </summary>
public readonly struct Scalar : IDisposable
{
    private enum Kind { Absent, Integer, Real, Boolean }

    private readonly long integer;
    private readonly double real;
    private readonly int kind;
    private readonly int padding;

    private Scalar(Kind kind, long integer, double real)
    {
        this.kind = (int)kind;
        this.integer = integer;
        this.real = real;
        padding = 0;
    }

    /// <summary>The element type the number has by itself: Int64, Float64 or Bool.</summary>
    public ScalarType Type => (Kind)kind switch
    {
        Kind.Integer => ScalarType.Int64,
        Kind.Boolean => ScalarType.Bool,
        _ => ScalarType.Float64,
    };

    public static implicit operator Scalar(byte value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(sbyte value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(short value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(int value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(long value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(Half value) => new(Kind.Real, 0, (double)value);
    public static implicit operator Scalar(float value) => new(Kind.Real, 0, value);
    public static implicit operator Scalar(double value) => new(Kind.Real, 0, value);
    public static implicit operator Scalar(bool value) => new(Kind.Boolean, value ? 1 : 0, value ? 1 : 0);

    /// <summary>Nothing to free here; kept because callers of the official one do free it.</summary>
    public void Dispose() { }

    internal double Real => kind == (int)Kind.Real ? real : integer;

    // Truncates like a C cast, as libtorch does.
    internal long Integer => kind == (int)Kind.Real ? (long)real : integer;
}
