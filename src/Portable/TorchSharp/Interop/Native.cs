using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// The exports of native/*.cpp, one file here for each there. Every call returns 0, or 1 with a message waiting in
/// lt_error; tensors pass through <see cref="TensorMarshaller"/>, which refuses disposed ones and keeps live ones alive.
/// </summary>
internal static partial class Native
{
    internal const string Library = "LacunaTorch";

    static Native() => Loader.Register();

    internal static void Check(int status)
    {
        if (status != 0)
            Fail();
    }

    internal static Tensor Made(int status, nint handle)
    {
        if (status != 0)
            Fail();
        return new Tensor(handle);
    }

    internal static (Tensor, Tensor) Made(int status, nint first, nint second)
    {
        Check(status);
        return (new Tensor(first), new Tensor(second));
    }

    internal static Tensor[] Made(int status, ReadOnlySpan<nint> handles)
    {
        Check(status);
        var tensors = new Tensor[handles.Length];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new Tensor(handles[i]);
        return tensors;
    }

    internal static string Text(int status, nint utf8)
    {
        Check(status);
        return Marshal.PtrToStringUTF8(utf8) ?? "";
    }

    /// <summary>The handles of <paramref name="tensors"/>. The caller keeps the list alive over the native call.</summary>
    internal static nint[] Handles(IList<Tensor>? tensors)
    {
        if (tensors is null)
            return [];
        var handles = new nint[tensors.Count];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
        return handles;
    }

    [DoesNotReturn]
    private static void Fail() => throw new ExternalException(Marshal.PtrToStringUTF8(lt_error()));

    /// <summary>lacuna::Options: -1 stands for "not given".</summary>
    internal readonly struct Options(ScalarType? dtype, Device? device, bool requiresGrad = false)
    {
        private readonly int dtype = dtype is { } type ? (int)type : -1;
        private readonly int deviceType = device is null ? -1 : (int)device.type;
        private readonly int deviceIndex = device?.index ?? -1;
        private readonly int requiresGrad = requiresGrad ? 1 : 0;
    }

    /// <summary>One entry of an index, as Shapes.cpp reads it.</summary>
    internal readonly record struct Index(long Kind, long Start, long Stop, long Step, nint Tensor);
}
