namespace Lacuna.Models.Checkpoints;

/// <summary>What must hold of tensors before any of them is written.</summary>
internal static class StoredTensors
{
    /// <summary>Checks that names are distinct and not reserved, and that bytes fit shapes.</summary>
    /// <exception cref="ArgumentException">They are or do not.</exception>
    public static void Check(IReadOnlyList<CheckpointTensor> tensors, IEnumerable<string> reserved)
    {
        HashSet<string> names = [.. reserved];
        foreach (CheckpointTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"'{tensor.Name}' occurs twice or is reserved; tensors need names of their own.", nameof(tensors));
            }
            if (ElementTypes.ElementCount(tensor.Shape) is not { } count || (UInt128)count * (uint)tensor.Type.ByteSize() != (uint)tensor.Bytes.Length)
            {
                throw new ArgumentException($"'{tensor.Name}' has {tensor.Bytes.Length} bytes, which are not [{string.Join(", ", tensor.Shape)}] of {tensor.Type}.", nameof(tensors));
            }
        }
    }
}
