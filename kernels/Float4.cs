using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>Four numbers that a thread loads or stores in one access of 16 bytes: <c>view.Cast&lt;Float4&gt;()</c> on a view whose address is a multiple of 16.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    /// <summary>sum + factor * values, each by itself.</summary>
    internal static Float4 Add(Float4 sum, float factor, Float4 values) =>
        new(sum.X + factor * values.X, sum.Y + factor * values.Y, sum.Z + factor * values.Z, sum.W + factor * values.W);
}
