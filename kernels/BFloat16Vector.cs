using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>bfloat16 in the processor's vectors, with <see cref="BFloat16"/>'s rounding.</summary>
internal static unsafe class BFloat16Vector
{
    /// <summary>Two vectors of float32 from as many consecutive bfloat16.</summary>
    internal static void Load(ushort* from, out Vector<float> first, out Vector<float> second)
    {
        Vector.Widen(Vector.Load(from), out Vector<uint> low, out Vector<uint> high);
        first = Vector.AsVectorSingle(low << 16);
        second = Vector.AsVectorSingle(high << 16);
    }

    /// <summary>The nearest bfloat16 of two vectors, in their order.</summary>
    internal static Vector<ushort> FromSingle(Vector<float> first, Vector<float> second) => Vector.Narrow(Round(first), Round(second));

    private static Vector<uint> Round(Vector<float> value)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(value);
        Vector<uint> nearest = (bits + new Vector<uint>(0x7FFF) + (bits >>> 16 & Vector<uint>.One)) >>> 16;
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(value, value)), nearest, new Vector<uint>(0x7FC0));
    }
}
