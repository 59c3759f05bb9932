using ILGPU;

namespace Lacuna.Kernels;

/// <summary>A thread's part of a sum of squares: the group's threads take turns over <c>count</c> elements from <c>first</c> on.</summary>
/// <typeparam name="T">What the view holds.</typeparam>
internal interface IGradientSquares<T> where T : unmanaged
{
    /// <param name="wide">1 when the view's address is a multiple of 16, and <paramref name="first"/> of 8.</param>
    static abstract float OfThread(ArrayView<T> gradient, long first, long count, int wide);
}

/// <summary>Of float32; four to an access.</summary>
internal readonly struct FloatSquares : IGradientSquares<float>
{
    public static float OfThread(ArrayView<float> gradient, long first, long count, int wide)
    {
        float a = 0, b = 0, c = 0, d = 0;
        long bulk = wide != 0 ? count / 4 : 0;
        ArrayView<Float4> quads = gradient.Cast<Float4>(); // of the whole view: of a part of it the compiler would not know that it is aligned
        for (long i = Group.IdxX; i < bulk; i += Group.DimX)
        {
            Float4 g = quads[first / 4 + i];
            a += g.X * g.X;
            b += g.Y * g.Y;
            c += g.Z * g.Z;
            d += g.W * g.W;
        }
        for (long i = bulk * 4 + Group.IdxX; i < count; i += Group.DimX)
        {
            float g = gradient[first + i];
            a += g * g;
        }
        return a + b + (c + d);
    }
}

/// <summary>Of bfloat16; eight to an access.</summary>
internal readonly struct HalfSquares : IGradientSquares<ushort>
{
    public static float OfThread(ArrayView<ushort> gradient, long first, long count, int wide)
    {
        float a = 0, b = 0, c = 0, d = 0;
        long bulk = wide != 0 ? count / 8 : 0;
        ArrayView<Float4> octets = gradient.Cast<Float4>(); // of bits, not numbers
        for (long i = Group.IdxX; i < bulk; i += Group.DimX)
        {
            Float4 g = octets[first / 8 + i];
            a += OfPair(g.X);
            b += OfPair(g.Y);
            c += OfPair(g.Z);
            d += OfPair(g.W);
        }
        for (long i = bulk * 8 + Group.IdxX; i < count; i += Group.DimX)
        {
            float g = BFloat16.ToSingle(gradient[first + i]);
            a += g * g;
        }
        return a + b + (c + d);
    }

    // Two bfloat16 in the bits of a float32.
    private static float OfPair(float pair)
    {
        uint bits = Interop.FloatAsInt(pair);
        float low = Interop.IntAsFloat(bits << 16), high = Interop.IntAsFloat(bits & 0xFFFF_0000);
        return low * low + high * high;
    }
}
