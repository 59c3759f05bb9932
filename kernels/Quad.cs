namespace Lacuna.Kernels;

/// <summary>Arithmetic on the four numbers of a 16-byte access, for kernels.</summary>
internal static class Quad
{
    internal static Float4 Add(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    internal static Float4 Multiply(float factor, Float4 a) => new(factor * a.X, factor * a.Y, factor * a.Z, factor * a.W);
}
