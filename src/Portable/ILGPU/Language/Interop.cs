using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>Bits of floating-point numbers, and sizes of types in bytes.</summary>
public static class Interop
{
    public static uint FloatAsInt(float value) => BitConverter.SingleToUInt32Bits(value);
    public static ulong FloatAsInt(double value) => BitConverter.DoubleToUInt64Bits(value);
    public static float IntAsFloat(uint value) => BitConverter.UInt32BitsToSingle(value);
    public static double IntAsFloat(ulong value) => BitConverter.UInt64BitsToDouble(value);
    public static int SizeOf<T>() where T : unmanaged => Unsafe.SizeOf<T>();
    public static int SizeOf<T>(T structure) where T : unmanaged => Unsafe.SizeOf<T>();
}
