using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>A gradient's measure in the layers' importance, on both sides. Kernels are told by a number, since they take no bool and no enumeration.</summary>
internal static class LayerMeasure
{
    internal static bool IsSquared(ImportanceMeasure measure) => measure switch
    {
        ImportanceMeasure.Absolute => false,
        ImportanceMeasure.Squared => true,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Choose Absolute or Squared."),
    };

    internal static Vector<float> Of(Vector<float> g, bool squared) => squared ? g * g : Vector.Abs(g);

    internal static float Of(float g, bool squared) => squared ? g * g : MathF.Abs(g);

    internal static float Of(float g, int squared) => squared != 0 ? g * g : XMath.Abs(g);

    internal static Float4 Add(Float4 sum, Float4 g, int squared) =>
        new(sum.X + Of(g.X, squared), sum.Y + Of(g.Y, squared), sum.Z + Of(g.Z, squared), sum.W + Of(g.W, squared));
}
