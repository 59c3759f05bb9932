using Lacuna.Models.Checkpoints;

namespace Lacuna.Models;

/// <summary>
/// What all names of a file begin with (<c>model.</c>, <c>net.backbone.</c>, …) because the network was a part of something larger when it was saved.
/// No network of the zoo has such a beginning of its own.
/// </summary>
internal static class CommonPrefix
{
    /// <summary>The longest whole parts, dots included, that all names begin with and go on after; empty when there are none.</summary>
    public static string Of(IReadOnlyList<CheckpointTensor> tensors)
    {
        if (tensors.Count < 2) return "";
        var shared = tensors[0].Name.AsSpan(0, tensors[0].Name.LastIndexOf('.') + 1);
        foreach (var tensor in tensors)
        {
            shared = shared[..shared.CommonPrefixLength(tensor.Name)];
            // Cut in the middle of a part, or the whole of a name: back to the dot before.
            while (shared.Length > 0 && (shared[^1] != '.' || shared.Length == tensor.Name.Length)) shared = shared[..(shared[..^1].LastIndexOf('.') + 1)];
        }
        return shared.ToString();
    }

    /// <summary>The same tensors without it.</summary>
    public static CheckpointFile TakeOff(CheckpointFile file)
    {
        var prefix = Of(file.Tensors);
        return prefix.Length == 0 ? file : new([.. file.Tensors.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })], file.Metadata, file.Format);
    }
}
