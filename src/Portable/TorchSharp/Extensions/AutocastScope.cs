using TorchSharp;
using static TorchSharp.Native;
using static TorchSharp.torch;

namespace Lacuna.Portable;

/// <summary>
/// From construction to disposal, on this thread, convolutions and matrix products of float32 tensors on devices of one kind compute in a narrower type; what they need of precision
/// more (losses, norms' statistics) stays in float32. Weights are converted once a scope. Scopes nest, and the inner one's end restores the outer one's type.
/// Backward passes belong outside: they take the types of the forward pass by themselves.
/// </summary>
public sealed class AutocastScope : IDisposable
{
    private readonly DeviceType _device;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly bool _enabledBefore;
    private readonly int _typeBefore;
    private bool _left;

    /// <param name="device">The kind of device.</param>
    /// <param name="type">BFloat16; on CUDA Float16 too.</param>
    public AutocastScope(DeviceType device, ScalarType type)
    {
        if (type != ScalarType.BFloat16 && (type != ScalarType.Float16 || device != DeviceType.CUDA))
            throw new ArgumentException($"Autocast on {device} does not compute in {type}. Take BFloat16.", nameof(type));
        _device = device;
        Check(lt_autocast_enter((int)device, (int)type, out _enabledBefore, out _typeBefore));
    }

    /// <exception cref="InvalidOperationException">On another thread than the one that began: libtorch keeps autocast thread by thread.</exception>
    public void Dispose()
    {
        if (_left) return;
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("An autocast scope ends on the thread where it began. Put no await between the two.");
        _left = true;
        Check(lt_autocast_leave((int)_device, _enabledBefore, _typeBefore));
    }
}
