using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>Tells whether two networks are the same one.</summary>
public static class NetworkHash
{
    /// <summary>
    /// SHA-256 (lower-case hex) of the architecture, the normalisation, and the name, shape and bytes of every parameter and buffer, by name: equal for equal
    /// networks, whatever device or file they came from. Null for a module that has none, because it keeps its weights as constants.
    /// </summary>
    public static string? Of(Classifier model)
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] values =
        [
            .. model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(model.named_buffers().Select(b => (b.name, b.buffer))).OrderBy(v => v.Item1, StringComparer.Ordinal),
        ];
        if (values.Length == 0) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var normalisation = model.Options.Normalisation;
        Add(hash, FormattableString.Invariant($"{model.Architecture} {string.Join(' ', normalisation.Mean.Select(Bits))} {string.Join(' ', normalisation.Std.Select(Bits))}"));
        foreach (var (name, value) in values)
        {
            var stored = CheckpointTensors.FromTensor(name, value);
            Add(hash, $"{name} {stored.Type} {string.Join('x', stored.Shape)}");
            hash.AppendData(stored.Bytes.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
