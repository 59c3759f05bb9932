using System.Runtime.InteropServices;

namespace TorchSharp;

// Autocast.cpp: convolutions and matrix products in a narrower type.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_autocast_enter(int deviceType, int dtype, [MarshalAs(UnmanagedType.U1)] out bool enabledBefore, out int dtypeBefore);
    [LibraryImport(Library)] internal static partial int lt_autocast_leave(int deviceType, [MarshalAs(UnmanagedType.U1)] bool enabledBefore, int dtypeBefore);
}
