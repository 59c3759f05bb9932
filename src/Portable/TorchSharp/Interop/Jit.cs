using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Jit.cpp: TorchScript modules.
internal static partial class Native
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int lt_jit_load(string path, int deviceType, int deviceIndex, out nint result);
    [LibraryImport(Library)] internal static partial int lt_jit_release(nint module);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int lt_jit_save(ScriptHandle module, string path);
    [LibraryImport(Library)] internal static partial int lt_jit_train(ScriptHandle module, [MarshalAs(UnmanagedType.U1)] bool on);
    [LibraryImport(Library)] internal static partial int lt_jit_training(ScriptHandle module, [MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] internal static partial int lt_jit_to(ScriptHandle module, Options where);
    [LibraryImport(Library)] internal static partial int lt_jit_entries(ScriptHandle module, int what, out nint entries, out int count);
    [LibraryImport(Library)] internal static partial int lt_jit_entry(nint entries, int index, out nint name, out nint tensor, out nint module);
    [LibraryImport(Library)] internal static partial int lt_jit_entries_release(nint entries);
    [LibraryImport(Library)] internal static partial int lt_jit_forward(ScriptHandle module, ReadOnlySpan<nint> inputs, int count, out int kind, out nint entries, out int resultCount);

    /// <summary>What a script module has under names, or what came out of it; each tensor and each handle belongs to the caller.</summary>
    internal static (string Name, nint Tensor, nint Module)[] TakeEntries(int status, nint entries, int count)
    {
        Check(status);
        try
        {
            var taken = new (string, nint, nint)[count];
            for (int i = 0; i < count; i++)
            {
                status = lt_jit_entry(entries, i, out nint text, out nint tensor, out nint module);
                taken[i] = (Text(status, text), tensor, module);
            }
            return taken;
        }
        finally
        {
            lt_jit_entries_release(entries);
        }
    }
}

/// <summary>Owns a torch::jit::Module.</summary>
internal sealed class ScriptHandle() : SafeHandle(0, ownsHandle: true)
{
    internal ScriptHandle(nint module) : this() => SetHandle(module);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Native.lt_jit_release(handle) == 0;
}
