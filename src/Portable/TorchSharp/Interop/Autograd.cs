using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Autograd.cpp: gradients and the modes that switch them off.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_requires_grad_(Tensor t, [MarshalAs(UnmanagedType.U1)] bool value);
    [LibraryImport(Library)] internal static partial int lt_detach(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_detach_(Tensor t);
    [LibraryImport(Library)] internal static partial int lt_retain_grad(Tensor t);
    [LibraryImport(Library)] internal static partial int lt_grad(Tensor t, out nint result);
    [LibraryImport(Library)] internal static partial int lt_set_grad(Tensor t, Tensor? grad);
    [LibraryImport(Library)] internal static partial int lt_backward(ReadOnlySpan<nint> tensors, int count, ReadOnlySpan<nint> gradients, int gradientCount, [MarshalAs(UnmanagedType.U1)] bool retain, [MarshalAs(UnmanagedType.U1)] bool create, ReadOnlySpan<nint> inputs, int inputCount);
    [LibraryImport(Library)] internal static partial int lt_autograd_grad(ReadOnlySpan<nint> outputs, int outputCount, ReadOnlySpan<nint> inputs, int inputCount, ReadOnlySpan<nint> gradients, int gradientCount, [MarshalAs(UnmanagedType.U1)] bool retain, [MarshalAs(UnmanagedType.U1)] bool create, [MarshalAs(UnmanagedType.U1)] bool allowUnused, Span<nint> results);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_grad_mode([MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] internal static partial int lt_set_grad_mode([MarshalAs(UnmanagedType.U1)] bool enabled);
    [LibraryImport(Library)] internal static partial int lt_inference_mode([MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] internal static partial int lt_inference_enter([MarshalAs(UnmanagedType.U1)] bool enabled, out nint result);
    [LibraryImport(Library)] internal static partial int lt_inference_leave(nint mode);
}
