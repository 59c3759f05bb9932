using ILGPU;

namespace Lacuna.Kernels;

/// <summary>
/// bfloat16 as its 16 bits: the upper half of a float32. The kernel language has no such type, so kernels see it as <see cref="ushort"/>.
/// Usable in kernels and on the host.
/// </summary>
public static class BFloat16
{
    /// <summary>The float32 of the same value, exact.</summary>
    public static float ToSingle(ushort bits) => Interop.IntAsFloat((uint)bits << 16);

    /// <summary>The nearest bfloat16, ties to even; any NaN becomes the quiet one, 0x7FC0, as PyTorch's does.</summary>
    public static ushort FromSingle(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        if ((bits & 0x7FFF_FFFF) > 0x7F80_0000)
            return 0x7FC0;
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }
}
