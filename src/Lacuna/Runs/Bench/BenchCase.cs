using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>One operation of the hot paths, at any size.</summary>
public abstract class BenchCase
{
    /// <summary>Short name, for tables and for choosing.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the size can be chosen; otherwise it has one shape of its own.</summary>
    public virtual bool HasSizes => true;

    /// <summary>Largest error against float64, over the largest magnitude, that rounding explains; a wrong operation is off by much more.</summary>
    public virtual double Tolerance => 1e-5;

    /// <summary>Inputs on a device.</summary>
    /// <param name="bytes">Size of the largest tensor, about.</param>
    /// <param name="device">Where.</param>
    /// <param name="seed">Different inputs for different seeds, the same for the same.</param>
    public abstract BenchInstance Create(long bytes, Device device, int seed);

    /// <summary>Normal numbers in float32; the caller owns them.</summary>
    protected static Tensor Draw(ReadOnlySpan<long> shape, Device device, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var values = randn(shape.ToArray(), generator: generator);
        return values.to(device, copy: true);
    }

    /// <summary>Uniform numbers in [0,1), as pixels.</summary>
    protected static Tensor DrawPixels(ReadOnlySpan<long> shape, Device device, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var values = rand(shape.ToArray(), generator: generator);
        return values.to(device, copy: true);
    }
}
