using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>A type that images are read from, in kernels and on the CPU.</summary>
internal unsafe interface IImageSource<T> where T : unmanaged
{
    static abstract float ToSingle(T value);

    /// <summary>Four vectors of the processor.</summary>
    static abstract void Load(T* from, out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d);

    /// <summary>Four elements in one access; <paramref name="first"/> is a multiple of 4.</summary>
    static abstract Float4 Load(ArrayView<T> from, long first);
}

/// <summary>A type that results are written in, in kernels and on the CPU.</summary>
internal unsafe interface IImageSink<T> where T : unmanaged
{
    static abstract T FromSingle(float value);

    static abstract void Store(T* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d);

    /// <summary>As Store, past the caches; <paramref name="to"/> is a multiple of the vectors' size.</summary>
    static abstract void Stream(T* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d);

    /// <summary>Four elements in one access; <paramref name="first"/> is a multiple of 4.</summary>
    static abstract void Store(ArrayView<T> to, long first, Float4 value);
}

/// <summary>float32 as it is.</summary>
internal readonly unsafe struct FloatElements : IImageSource<float>, IImageSink<float>
{
    public static float ToSingle(float value) => value;

    public static float FromSingle(float value) => value;

    public static void Load(float* from, out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d)
    {
        int width = Vector<float>.Count;
        a = Vector.Load(from);
        b = Vector.Load(from + width);
        c = Vector.Load(from + 2 * width);
        d = Vector.Load(from + 3 * width);
    }

    public static void Store(float* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        int width = Vector<float>.Count;
        a.Store(to);
        b.Store(to + width);
        c.Store(to + 2 * width);
        d.Store(to + 3 * width);
    }

    public static void Stream(float* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        int width = Vector<float>.Count;
        a.StoreAlignedNonTemporal(to);
        b.StoreAlignedNonTemporal(to + width);
        c.StoreAlignedNonTemporal(to + 2 * width);
        d.StoreAlignedNonTemporal(to + 3 * width);
    }

    public static Float4 Load(ArrayView<float> from, long first) => from.Cast<Float4>()[first / 4];

    public static void Store(ArrayView<float> to, long first, Float4 value) => to.Cast<Float4>()[first / 4] = value;
}

/// <summary>Pixels 0 to 255 that stand for 0 to 1: divided by 255, as the tensor library's operators do it on the CPU.</summary>
internal readonly unsafe struct ByteElements : IImageSource<byte>
{
    private const float Full = 255;

    // 1 / 255 in 48 bits. The product with a byte, rounded once, is the quotient of all 256 of them, and four times as fast as dividing.
    private const float Inverse = (float)(1 / 255.0);
    private const float InverseRest = (float)(1 / 255.0 - Inverse);

    public static float ToSingle(byte value) => value / Full;

    public static void Load(byte* from, out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d)
    {
        Vector.Widen(Vector.Load(from), out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low, out Vector<uint> p, out Vector<uint> q);
        Vector.Widen(high, out Vector<uint> r, out Vector<uint> s);
        a = Scaled(p);
        b = Scaled(q);
        c = Scaled(r);
        d = Scaled(s);
    }

    private static Vector<float> Scaled(Vector<uint> pixels)
    {
        Vector<float> values = Vector.ConvertToSingle(Vector.AsVectorInt32(pixels));
        return Vector.FusedMultiplyAdd(values, new(Inverse), values * new Vector<float>(InverseRest));
    }

    // Four bytes and not sixteen: the warp's loads are whole lines either way, and its stores, four times as many bytes, stay so.
    public static Float4 Load(ArrayView<byte> from, long first)
    {
        uint pixels = from.Cast<uint>()[first / 4];
        return new(Lowest(pixels), Lowest(pixels >> 8), Lowest(pixels >> 16), Lowest(pixels >> 24));
    }

    // By way of int, since C# takes uint to float by way of double.
    private static float Lowest(uint pixels) => (int)(pixels & 0xFF) / Full;
}

/// <summary>bfloat16.</summary>
internal readonly unsafe struct HalfElements : IImageSink<ushort>
{
    public static ushort FromSingle(float value) => BFloat16.FromSingle(value);

    public static void Store(ushort* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        BFloat16Vector.FromSingle(a, b).Store(to);
        BFloat16Vector.FromSingle(c, d).Store(to + Vector<ushort>.Count);
    }

    public static void Stream(ushort* to, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        BFloat16Vector.FromSingle(a, b).StoreAlignedNonTemporal(to);
        BFloat16Vector.FromSingle(c, d).StoreAlignedNonTemporal(to + Vector<ushort>.Count);
    }

    public static void Store(ArrayView<ushort> to, long first, Float4 value) => to.Cast<ulong>()[first / 4] =
        BFloat16.FromSingle(value.X) | (ulong)BFloat16.FromSingle(value.Y) << 16 | (ulong)BFloat16.FromSingle(value.Z) << 32 | (ulong)BFloat16.FromSingle(value.W) << 48;
}
