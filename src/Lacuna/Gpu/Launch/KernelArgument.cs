using static TorchSharp.torch;

namespace Lacuna.Gpu.Launch;

/// <summary>One argument of a kernel: a view of device memory, or a number. Numbers convert by themselves.</summary>
public readonly struct KernelArgument
{
    private KernelArgument(KernelArgumentKind kind, long bits, long length = 0) => (Kind, Bits, Length) = (kind, bits, length);

    /// <summary>What it is.</summary>
    public KernelArgumentKind Kind { get; }

    /// <summary>A view's address, an integer, or the bits of a float64.</summary>
    public long Bits { get; }

    /// <summary>A view's elements; 0 otherwise.</summary>
    public long Length { get; }

    /// <summary>All elements of a contiguous tensor.</summary>
    public static KernelArgument View(Tensor tensor) => View(TensorStack.Current.DataPointer(tensor), tensor.numel());

    /// <summary><paramref name="length"/> elements, of the size the kernel's parameter has, from an address on.</summary>
    public static KernelArgument View(nint address, long length) => new(KernelArgumentKind.View, address, length);

    /// <summary>For a parameter of int32 or int64.</summary>
    public static implicit operator KernelArgument(int value) => new(KernelArgumentKind.Integer, value);

    /// <inheritdoc cref="op_Implicit(int)"/>
    public static implicit operator KernelArgument(long value) => new(KernelArgumentKind.Integer, value);

    /// <summary>For a parameter of float32 or float64.</summary>
    public static implicit operator KernelArgument(float value) => new(KernelArgumentKind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <inheritdoc cref="op_Implicit(float)"/>
    public static implicit operator KernelArgument(double value) => new(KernelArgumentKind.Real, BitConverter.DoubleToInt64Bits(value));
}
