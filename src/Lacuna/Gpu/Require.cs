using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>What the operations ask of tensors. Every message says which tensor of which operation, what it is, and what to do.</summary>
internal static class Require
{
    /// <summary>Contiguous, and of one of the given types.</summary>
    public static void Plain(Tensor tensor, string name, string operation, params ReadOnlySpan<ScalarType> types)
    {
        if (!types.Contains(tensor.dtype))
            throw new ArgumentException($"{operation}: '{name}' is {tensor.dtype}; it must be {string.Join(" or ", types.ToArray())}. Convert it with .to(...).", name);
        if (!tensor.is_contiguous())
            throw new ArgumentException($"{operation}: '{name}' {Shape(tensor)} is not contiguous. Take .contiguous() of it first.", name);
    }

    /// <summary>Contiguous float32 or float64.</summary>
    public static void Floats(Tensor tensor, string name, string operation) => Plain(tensor, name, operation, ScalarType.Float32, ScalarType.Float64);

    /// <summary>Of this shape.</summary>
    public static void Shaped(Tensor tensor, string name, string operation, params ReadOnlySpan<long> shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"{operation}: '{name}' is {Shape(tensor)}; it must be [{string.Join(", ", shape.ToArray())}].", name);
    }

    /// <summary>On the same device as another, and of its type.</summary>
    public static void Alike(Tensor tensor, string name, Tensor other, string operation)
    {
        Beside(tensor, name, other, operation);
        if (tensor.dtype != other.dtype)
            throw new ArgumentException($"{operation}: '{name}' is {tensor.dtype}, but the others are {other.dtype}. Convert it with .to(...).", name);
    }

    /// <summary>On the same device as another.</summary>
    public static void Beside(Tensor tensor, string name, Tensor other, string operation)
    {
        var (here, there) = (tensor.device, other.device);
        if (here.type != there.type || here.index != there.index)
            throw new ArgumentException($"{operation}: '{name}' is on {here}, but the others are on {there}. Move it with .to(device).", name);
    }

    /// <summary>
    /// Shares no memory with another, unless it is the very same memory and <paramref name="mayBeSame"/>. Both must be contiguous.
    /// </summary>
    public static void Apart(Tensor tensor, string name, Tensor other, string otherName, string operation, bool mayBeSame = false)
    {
        var (first, second) = (TensorStack.Current.DataPointer(tensor), TensorStack.Current.DataPointer(other));
        var (bytes, otherBytes) = (tensor.numel() * tensor.element_size(), other.numel() * other.element_size());
        if (bytes == 0 || otherBytes == 0 || (mayBeSame && first == second && bytes == otherBytes)) return;
        if (first < second + (nint)otherBytes && second < first + (nint)bytes)
            throw new ArgumentException($"{operation}: '{name}' overlaps '{otherName}' in memory. Give it memory of its own with .clone().", name);
    }

    /// <summary>
    /// A tensor for each of <paramref name="others"/>, of its shape, contiguous, float32 or float64, all of one type and device. Where null stands for none there is nothing to ask.
    /// </summary>
    public static void Counterparts(IReadOnlyList<Tensor?> tensors, string name, IReadOnlyList<Tensor> others, string othersName, string operation)
    {
        if (tensors.Count != others.Count)
            throw new ArgumentException($"{operation}: there are {tensors.Count} '{name}' for {others.Count} '{othersName}'.", name);
        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i] is not { } tensor) continue;
            Floats(tensor, $"{name}[{i}]", operation);
            Alike(tensor, $"{name}[{i}]", others[0], operation);
            Shaped(tensor, $"{name}[{i}]", operation, others[i].shape);
        }
    }

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
