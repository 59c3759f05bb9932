using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.ForgetVector;

/// <summary>A finished forget vector in memory, and what it was made for.</summary>
public sealed class StoredForgetVector
{
    private readonly float[] _values;
    private readonly long[] _shape;

    private StoredForgetVector(string name, string origin, float[] values, long[] shape, string? architecture, string? network) =>
        (Name, Origin, _values, _shape, Architecture, Network) = (name, origin, values, shape, architecture, network);

    /// <summary>What it makes a network forget, in the words of its file ("class:3"); the file's name where it does not say.</summary>
    public string Name { get; }

    /// <summary>Where it comes from, for messages.</summary>
    public string Origin { get; }

    /// <summary>The network's architecture; null where the file does not say.</summary>
    public string? Architecture { get; }

    /// <summary>The network's <see cref="NetworkHash"/>; null where the file does not say.</summary>
    public string? Network { get; }

    /// <summary>A vector that was just made.</summary>
    /// <param name="name">What it makes the network forget.</param>
    /// <param name="delta">[C, H, W] float32 on any device; copied.</param>
    /// <param name="model">What it was made for.</param>
    public static StoredForgetVector Of(string name, Tensor delta, Classifier model) => Of(name, name, delta, model.Architecture, NetworkHash.Of(model));

    internal static StoredForgetVector Of(string name, string origin, Tensor delta, string? architecture, string? network)
    {
        using var onCpu = delta.detach().cpu().contiguous();
        return new(name, origin, onCpu.data<float>().ToArray(), onCpu.shape, architecture, network);
    }

    /// <summary>The vector on a device; the caller owns it.</summary>
    public Tensor On(Device device)
    {
        using var onCpu = tensor(_values, _shape);
        return onCpu.to(device, copy: true);
    }

    /// <summary>Demands that it was made for this network: its images' size, its architecture, and where the file says so, its weights.</summary>
    /// <exception cref="ArgumentException">It was not.</exception>
    public void CheckFits(Classifier model)
    {
        long[] image = [model.Options.Channels, model.Options.Height, model.Options.Width];
        if (!_shape.AsSpan().SequenceEqual(image))
            throw new ArgumentException($"The vector {Origin} is [{string.Join(", ", _shape)}], but the model's images are [{string.Join(", ", image)}]. Give vectors that were made for this model.");
        if (Architecture is not null && Architecture != model.Architecture)
            throw new ArgumentException($"The vector {Origin} was made for a {Architecture}, but the model is a {model.Architecture}. Give vectors that were made for this model.");
        if (Network is not null && NetworkHash.Of(model) is { } hash && Network != hash)
            throw new ArgumentException($"The vector {Origin} was made for a {model.Architecture} with other weights ({Network[..Math.Min(12, Network.Length)]}; the model's are {hash[..12]}). Give vectors that were made for this model.");
    }
}
