using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Methods.ForgetVector;

/// <summary>A forget vector in a safetensors file: the tensor <c>delta</c> [C, H, W] float32, and where it comes from as metadata.</summary>
public static class ForgetVectorFile
{
    private const string Key = "delta";

    /// <summary>Writes a vector with its provenance: what is forgotten, which data, which options, which model.</summary>
    public static void Save(string path, Tensor delta, IReadOnlyDictionary<string, string> provenance)
    {
        var metadata = provenance.ToDictionary(p => "lacuna." + p.Key, p => p.Value);
        metadata["lacuna.kind"] = "forget-vector";
        SafetensorsFile.Write(path, [CheckpointTensors.FromTensor(Key, delta)], metadata);
    }

    /// <summary>Reads a vector made for images of the given model; the caller owns it.</summary>
    public static Tensor Load(string path, ModelOptions model, Device device)
    {
        var stored = Find(CheckpointReader.Read(path), path);
        long[] image = [model.Channels, model.Height, model.Width];
        if (!stored.Shape.AsSpan().SequenceEqual(image))
            throw new CheckpointException(path, $"holds a vector [{string.Join(", ", stored.Shape)}] of {stored.Type}, but the model's images are [{string.Join(", ", image)}] of F32. Give the vector that was made for this model.");
        using var onCpu = CheckpointTensors.ToTensor(stored);
        return onCpu.to(device, copy: true);
    }

    /// <summary>Reads a vector and what it was made for.</summary>
    public static StoredForgetVector Read(string path)
    {
        var file = CheckpointReader.Read(path);
        var stored = Find(file, path);
        if (stored.Shape.Length != 3) throw new CheckpointException(path, $"holds a vector [{string.Join(", ", stored.Shape)}]; it must be [channels, height, width]. Give the file that 'unlearn forget-vector' wrote.");
        using var delta = CheckpointTensors.ToTensor(stored);
        return StoredForgetVector.Of(Said("forget") ?? Path.GetFileNameWithoutExtension(path), path, delta, Said("architecture"), Said("network"));

        string? Said(string key) => file.Metadata.GetValueOrDefault("lacuna." + key);
    }

    private static CheckpointTensor Find(CheckpointFile file, string path)
    {
        var stored = file.Find(Key) ?? throw new CheckpointException(path, $"has no tensor '{Key}', so it is not a forget vector. Give the file that 'unlearn forget-vector' wrote.");
        return stored.Type == ElementType.F32 ? stored : throw new CheckpointException(path, $"holds a vector [{string.Join(", ", stored.Shape)}] of {stored.Type}; it must be of F32. Give the file that 'unlearn forget-vector' wrote.");
    }
}
