namespace Lacuna.Models.Checkpoints;

/// <summary>What a checkpoint file holds: tensors in their order, and text beside them.</summary>
public sealed class CheckpointFile
{
    private readonly Dictionary<string, CheckpointTensor> _byName;

    /// <summary>Gathers tensors of distinct names.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public CheckpointFile(IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string> metadata, CheckpointFormat format = CheckpointFormat.Safetensors)
    {
        (Tensors, Metadata, Format) = (tensors, metadata, format);
        _byName = tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Text, and numbers as text, that stood beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The form it was read from.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>Names of the tensors that hold a NaN or an infinity: a network with such weights computes nothing useful, so say it.</summary>
    public IEnumerable<string> KeysWithNonFinite =>
        Tensors.Where(tensor => ElementTypes.HasNonFinite(tensor.Type, tensor.Bytes.Span)).Select(tensor => tensor.Name);

    /// <summary>The tensor of a name, or null.</summary>
    public CheckpointTensor? Find(string name) => _byName.GetValueOrDefault(name);
}
