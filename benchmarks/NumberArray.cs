namespace Lacuna.Benchmarks;

/// <summary>Benchmark inputs: uniform in [-1, 1), the same in every run.</summary>
internal static class NumberArray
{
    internal const int PerMegabyte = (1 << 20) / sizeof(float);

    internal static float[] Uniform(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextSingle() * 2 - 1;
        return values;
    }
}
