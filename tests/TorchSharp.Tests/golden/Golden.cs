using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Values computed by PyTorch: nn.json, written by make_golden.py beside it.</summary>
internal static class Golden
{
    /// <summary>Both sides compute in float64, by the same library or one near it: only the order of sums differs.</summary>
    public const double Float64 = 1e-12;

    public static JsonElement Root { get; } = Open("nn.json");

    /// <summary>jit.json, written by make_jit.py.</summary>
    public static JsonElement Jit { get; } = Open("jit.json");

    public static Tensor Tensor(JsonElement entry) => tensor(Values(entry)).reshape(Numbers<long>(entry.GetProperty("shape"), e => e.GetInt64()));

    public static double[] Values(JsonElement entry) => Row(entry.GetProperty("values"));

    public static double[] Row(JsonElement array) => Numbers(array, e => e.GetDouble());

    public static void Close(JsonElement expected, Tensor actual, double tolerance = Float64)
    {
        Assert.Equal(Numbers(expected.GetProperty("shape"), e => e.GetInt64()), actual.shape);
        Close(Values(expected), Values(actual), tolerance);
    }

    public static void Close(double[] expected, double[] actual, double tolerance = Float64)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"Element {i}: expected {expected[i]:R}, found {actual[i]:R}.");
    }

    public static double[] Values(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    public static Dictionary<string, Tensor> State(JsonElement entries) =>
        entries.EnumerateObject().ToDictionary(entry => entry.Name, entry => Tensor(entry.Value));

    private static T[] Numbers<T>(JsonElement array, Func<JsonElement, T> read) => [.. array.EnumerateArray().Select(read)];

    /// <summary>The bytes of a file of this folder.</summary>
    public static byte[] Bytes(string name)
    {
        using Stream stream = typeof(Golden).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the test assembly.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static JsonElement Open(string name)
    {
        return JsonDocument.Parse(Bytes(name)).RootElement;
    }
}
