using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>Between tensors and their stored form.</summary>
public static class CheckpointTensors
{
    private static readonly (ElementType Stored, ScalarType Live)[] Types =
    [
        (ElementType.F16, ScalarType.Float16), (ElementType.BF16, ScalarType.BFloat16), (ElementType.F32, ScalarType.Float32),
        (ElementType.F64, ScalarType.Float64), (ElementType.I8, ScalarType.Int8), (ElementType.U8, ScalarType.Byte),
        (ElementType.I16, ScalarType.Int16), (ElementType.I32, ScalarType.Int32), (ElementType.I64, ScalarType.Int64),
        (ElementType.BOOL, ScalarType.Bool),
    ];

    /// <summary>A tensor on the CPU with the stored values; the caller owns it.</summary>
    public static Tensor ToTensor(CheckpointTensor stored)
    {
        var type = Array.Find(Types, t => t.Stored == stored.Type).Live;
        var result = empty(stored.Shape, dtype: type);
        if (!stored.Bytes.IsEmpty) stored.Bytes.Span.CopyTo(result.bytes);
        return result;
    }

    /// <summary>The stored form of a tensor of any device.</summary>
    public static CheckpointTensor FromTensor(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        var type = value.dtype;
        if (!Array.Exists(Types, t => t.Live == type)) throw new ArgumentException($"Tensor '{name}' has the type {type}, which checkpoint files do not store. Convert it first.");
        var flat = value.detach().cpu().contiguous();
        var bytes = flat.numel() == 0 ? [] : flat.bytes.ToArray();
        return new(name, Array.Find(Types, t => t.Live == type).Stored, flat.shape, bytes);
    }
}
