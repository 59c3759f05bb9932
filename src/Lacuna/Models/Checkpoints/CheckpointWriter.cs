namespace Lacuna.Models.Checkpoints;

/// <summary>Writes a checkpoint in the format that the path's ending names.</summary>
public static class CheckpointWriter
{
    /// <summary>The endings, in a sentence's form.</summary>
    public const string Endings = ".safetensors, .pt or .pth";

    /// <summary>The format of a path: safetensors for <c>.safetensors</c>, PyTorch's zip form for <c>.pt</c>, <c>.pth</c>, <c>.th</c> and <c>.bin</c>; null for any other ending.</summary>
    public static CheckpointFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".safetensors" => CheckpointFormat.Safetensors,
        ".pt" or ".pth" or ".th" or ".bin" => CheckpointFormat.PyTorchZip,
        _ => null,
    };

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">The ending names no format, two tensors have one name, or a tensor's bytes do not fit its shape and type.</exception>
    /// <exception cref="IOException">The folder is missing or the disk is full.</exception>
    public static void Write(string path, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        switch (FormatOf(path))
        {
            case CheckpointFormat.Safetensors: SafetensorsFile.Write(path, tensors, metadata); break;
            case CheckpointFormat.PyTorchZip: PyTorchFile.Write(path, tensors, metadata); break;
            default: throw new ArgumentException($"{path}: the ending says in which format to write; let it be {Endings}.", nameof(path));
        }
    }
}
