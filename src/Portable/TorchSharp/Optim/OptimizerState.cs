using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers about one parameter between steps. Its tensors belong to no dispose scope.</summary>
internal abstract class OptimizerState : IDisposable
{
    /// <inheritdoc/>
    public abstract void Dispose();

    internal abstract void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote, onto the parameter's device.</summary>
    internal abstract void Load(BinaryReader reader, Parameter parameter);

    /// <summary>A tensor that no dispose scope will end.</summary>
    private protected static Tensor Keep(Tensor tensor)
    {
        tensor.DetachFromDisposeScope();
        return tensor;
    }

    /// <summary>Writes one flag, then the elements' bytes in the parameter's order and type.</summary>
    private protected static void Write(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        if (tensor is null) return;
        using DisposeScope scope = NewDisposeScope();
        ReadOnlySpan<byte> bytes = tensor.detach().cpu().contiguous().bytes;
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private protected static Tensor? Read(BinaryReader reader, Parameter parameter)
    {
        if (!reader.ReadBoolean()) return null;
        using DisposeScope scope = NewDisposeScope();
        Tensor tensor = empty(parameter.shape, dtype: parameter.dtype);
        Span<byte> bytes = tensor.bytes;
        int length = reader.ReadInt32();
        if (length != bytes.Length)
            throw new InvalidDataException($"The saved state of a parameter has {length} bytes; its shape and type here take {bytes.Length}.");
        reader.BaseStream.ReadExactly(bytes);
        return Keep(tensor.to(parameter.device));
    }
}
