using Lacuna.Gpu;
using Lacuna.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>
/// Sets the tensor library to a <see cref="Precision"/> while a training lasts; disposing restores what was set before.
/// </summary>
internal sealed class TrainingArithmetic : IDisposable
{
    private readonly ITensorStack _stack;
    private readonly Device _device;
    private readonly (bool Products, bool Convolutions) _before;

    /// <exception cref="ArgumentException">The device or the stack has no such arithmetic.</exception>
    public TrainingArithmetic(Precision precision, Device device, ITensorStack stack)
    {
        Check(precision, device, stack);
        (_stack, _device, Autocasts) = (stack, device, precision == Precision.Bf16);
        if (device.type != DeviceType.CUDA) return;
        _before = Tf32;
        var allowed = precision == Precision.Tf32;
        Tf32 = (allowed, allowed);
    }

    /// <summary>Whether convolutions and matrix products compute in a narrower type.</summary>
    public bool Autocasts { get; }

    /// <summary>Throws when a precision cannot be had on a device, with what to do.</summary>
    public static void Check(Precision precision, Device device, ITensorStack stack)
    {
        if (precision == Precision.Tf32 && device.type != DeviceType.CUDA)
            throw new ArgumentException("Precision tf32 is a type of the matrix units of CUDA GPUs, and this runs on the CPU. Take float32, or --device cuda.");
        if (precision == Precision.Bf16 && !stack.HasAutocast)
            throw new ArgumentException($"Precision bf16 needs autocast, which the {stack.Name} tensor stack does not offer. Take float32 (on CUDA, tf32), or build with -p:TensorStack=portable.");
    }

    /// <summary>Logits [N, K], float32, from which a gradient can be taken. The caller owns them.</summary>
    public Tensor Logits(Classifier model, Tensor images)
    {
        if (!Autocasts) return model.call(images);
        // Ends before the backward pass, and with it the converted weights, which the optimiser's step makes old.
        using var scope = _stack.Autocast(_device, ScalarType.BFloat16);
        using var narrow = model.call(images);
        return narrow.to(ScalarType.Float32);
    }

    public void Dispose()
    {
        if (_device.type == DeviceType.CUDA) Tf32 = _before;
    }

    private static (bool Products, bool Convolutions) Tf32
    {
        get => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        set => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = value;
    }
}
