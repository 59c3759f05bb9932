using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Models.Checkpoints;

/// <summary>What is known of each <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes an element.</summary>
    public static int ByteSize(this ElementType type) => type switch
    {
        ElementType.I8 or ElementType.U8 or ElementType.BOOL => 1,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 => 2,
        ElementType.F32 or ElementType.I32 => 4,
        ElementType.F64 or ElementType.I64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    /// <summary>Elements of a shape, or null when a size is negative or the sizes' product, zeros aside, exceeds a long: strides are
    /// computed from that product, of empty tensors too.</summary>
    internal static long? ElementCount(ReadOnlySpan<long> shape)
    {
        UInt128 product = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            empty |= size == 0;
            product *= (ulong)Math.Max(size, 1);
            if (size < 0 || product > long.MaxValue)
            {
                return null;
            }
        }
        return empty ? 0 : (long)product;
    }

    /// <summary>Whether any element is a NaN or an infinity; false for integers.</summary>
    internal static bool HasNonFinite(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.F32 => HasExponent(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000u),
        ElementType.F64 => HasExponent(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000ul),
        ElementType.F16 => HasExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00),
        ElementType.BF16 => HasExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80),
        _ => false,
    };

    /// <summary>How many elements are NaN, and how many infinite; none for integers.</summary>
    internal static (long NaN, long Infinite) CountNonFinite(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        _ when !HasNonFinite(type, bytes) => (0, 0),
        ElementType.F32 => Count(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000u, 0x007F_FFFFu),
        ElementType.F64 => Count(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000ul, 0x000F_FFFF_FFFF_FFFFul),
        ElementType.F16 => Count(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00, (ushort)0x03FF),
        _ => Count(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80, (ushort)0x007F),
    };

    private static (long NaN, long Infinite) Count<T>(ReadOnlySpan<T> words, T exponent, T fraction)
        where T : struct, IBinaryInteger<T>
    {
        (long nan, long infinite) = (0, 0);
        foreach (T word in words)
        {
            if ((word & exponent) == exponent)
            {
                (nan, infinite) = (word & fraction) == T.Zero ? (nan, infinite + 1) : (nan + 1, infinite);
            }
        }
        return (nan, infinite);
    }

    // In every IEEE format NaNs and infinities, and they alone, have all exponent bits set.
    private static bool HasExponent<T>(ReadOnlySpan<T> words, T exponent)
        where T : struct, IBinaryInteger<T>
    {
        foreach (T word in words)
        {
            if ((word & exponent) == exponent)
            {
                return true;
            }
        }
        return false;
    }
}
