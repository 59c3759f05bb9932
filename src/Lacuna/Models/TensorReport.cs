using Lacuna.Models.Checkpoints;

namespace Lacuna.Models;

/// <summary>One tensor of a checkpoint file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Its element type, under safetensors' name.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Elements">Their product.</param>
/// <param name="Nan">Elements that are no number.</param>
/// <param name="Infinite">Elements that are infinite.</param>
public sealed record TensorReport(string Name, string Type, IReadOnlyList<long> Shape, long Elements, long Nan, long Infinite)
{
    /// <summary>Whether it is a running statistic and not something that is trained.</summary>
    public bool IsBuffer => Name.EndsWith("running_mean", StringComparison.Ordinal) || Name.EndsWith("running_var", StringComparison.Ordinal) || Name.EndsWith("num_batches_tracked", StringComparison.Ordinal);

    /// <summary>Looks at a tensor.</summary>
    public static TensorReport Of(CheckpointTensor tensor)
    {
        var (nan, infinite) = ElementTypes.CountNonFinite(tensor.Type, tensor.Bytes.Span);
        return new(tensor.Name, tensor.Type.ToString(), tensor.Shape, tensor.Bytes.Length / tensor.Type.ByteSize(), nan, infinite);
    }
}
