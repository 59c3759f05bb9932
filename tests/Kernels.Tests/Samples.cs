using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Test inputs that depend on nothing but their arguments.</summary>
internal static class Samples
{
    /// <summary>Numbers in [-1, 1).</summary>
    internal static float[] Uniform(int count, uint seed)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = Philox.Block((uint)i, 0, 0, 0, seed, 0).X / 2147483648f - 1;
        return values;
    }

    /// <summary>As <see cref="Uniform"/>, with every third number replaced by one that arithmetic treats specially.</summary>
    internal static float[] WithSpecials(int count, uint seed)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -1e-41f, float.MaxValue, 1e-20f];
        float[] values = Uniform(count, seed);
        for (int i = (int)seed % 3; i < count; i += 3)
            values[i] = special[i / 3 % special.Length];
        return values;
    }
}
