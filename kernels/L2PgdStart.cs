using ILGPU;
using ILGPU.Algorithms;

namespace Lacuna.Kernels;

/// <summary>
/// Random start of an attack in the L2 ball: uniform pixels u minus the image, projected on the ball, clamped to the range of pixels:
/// <code>d[n] = clamp(x[n] + (u[n] - x[n]) * min(1, epsilon / max(||u[n] - x[n]||, 1e-6)), 0, 1) - x[n]</code>
/// x, d [N,D] float32, row-major. u[n,i] is the upper 24 bits of word i mod 4 of the Philox block with key (low, high 32 bits of the seed) and
/// counter (i div 4, firstRow + n, 0, purpose), times 2^-24: it depends on neither batch nor device.
/// <para>Moves 8 N D bytes.</para>
/// </summary>
public static unsafe class L2PgdStart
{
    private const float Unit = 1f / (1 << 24);

    /// <summary>The operation on the CPU. The result must not overlap the images.</summary>
    public static void Cpu(float* images, float* delta, long samples, long elements, float epsilon, ulong seed, int purpose, int firstRow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        Blocks.RunItems(samples, elements, (first, count) =>
        {
            for (long n = first; n < first + count; n++)
                Row(images + n * elements, delta + n * elements, elements, epsilon, seed, purpose, (int)(firstRow + n));
        });
    }

    private static void Row(float* x, float* d, long elements, float epsilon, ulong seed, int purpose, int row)
    {
        for (long i = 0; i < elements; i += 4)
        {
            Float4 u = Uniform((uint)(i / 4), row, purpose, (uint)seed, (uint)(seed >> 32));
            d[i] = u.X - x[i];
            if (i + 1 < elements)
                d[i + 1] = u.Y - x[i + 1];
            if (i + 2 < elements)
                d[i + 2] = u.Z - x[i + 2];
            if (i + 3 < elements)
                d[i + 3] = u.W - x[i + 3];
        }
        float factor = L2PgdStep.ShrinkFactor(L2PgdStep.AtLeastSmallest((float)Math.Sqrt(SquareSum.Of(d, elements))), epsilon);
        for (long i = 0; i < elements; i++)
            d[i] = Clamped(x[i], d[i] * factor);
    }

    private static Float4 Uniform(uint block, int row, int purpose, uint key0, uint key1)
    {
        var (x, y, z, w) = Philox.Block(block, (uint)row, 0, (uint)purpose, key0, key1);
        // By way of int: from uint the compiler for the device goes through float64.
        return new Float4((int)(x >> 8) * Unit, (int)(y >> 8) * Unit, (int)(z >> 8) * Unit, (int)(w >> 8) * Unit);
    }

    // Comparisons and not min and max: NaN passes.
    private static float Clamped(float x, float d)
    {
        float pixel = x + d;
        pixel = pixel < 0 ? 0 : pixel;
        return (pixel > 1 ? 1 : pixel) - x;
    }

    /// <summary>The operation on the GPU: one group a sample, four consecutive elements a thread, which draws them once and reads its own differences again.</summary>
    /// <param name="wide">1 when both views begin at multiples of 16 bytes and D is a multiple of 4.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> images, ArrayView<float> delta, long samples, long elements, float epsilon, long seed, int purpose, int firstRow, int wide)
    {
        ArrayView<Float4> x4 = images.Cast<Float4>(), d4 = delta.Cast<Float4>();
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (long n = Grid.IdxX; n < samples; n += Grid.DimX)
        {
            long first = n * elements, first4 = n * (elements >> 2);
            int row = (int)(firstRow + n);
            float sum = 0;
            for (long quad = Group.IdxX; quad << 2 < elements; quad += Group.DimX)
            {
                Float4 u = Uniform((uint)quad, row, purpose, key0, key1);
                if (wide != 0)
                {
                    Float4 x = x4[first4 + quad];
                    u = new Float4(u.X - x.X, u.Y - x.Y, u.Z - x.Z, u.W - x.W);
                    d4[first4 + quad] = u;
                    sum += u.X * u.X + u.Y * u.Y + (u.Z * u.Z + u.W * u.W);
                }
                else
                {
                    long i = quad << 2;
                    sum += Store(images, delta, first + i, u.X);
                    if (i + 1 < elements)
                        sum += Store(images, delta, first + i + 1, u.Y);
                    if (i + 2 < elements)
                        sum += Store(images, delta, first + i + 2, u.Z);
                    if (i + 3 < elements)
                        sum += Store(images, delta, first + i + 3, u.W);
                }
            }
            float factor = L2PgdStep.ShrinkFactor(L2PgdStep.AtLeastSmallest(XMath.Sqrt(GroupSum.InAllThreads(sum))), epsilon);
            for (long quad = Group.IdxX; quad << 2 < elements; quad += Group.DimX)
                if (wide != 0)
                {
                    Float4 x = x4[first4 + quad], d = d4[first4 + quad];
                    d4[first4 + quad] = new Float4(Clamped(x.X, d.X * factor), Clamped(x.Y, d.Y * factor), Clamped(x.Z, d.Z * factor), Clamped(x.W, d.W * factor));
                }
                else
                    for (long i = quad << 2; i < (quad + 1) << 2 && i < elements; i++)
                        delta[first + i] = Clamped(images[first + i], delta[first + i] * factor);
        }
    }

    private static float Store(ArrayView<float> images, ArrayView<float> delta, long i, float u)
    {
        float difference = u - images[i];
        delta[i] = difference;
        return difference * difference;
    }
}
