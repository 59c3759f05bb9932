using System.Runtime.InteropServices;

namespace TorchSharp;

// Memory.cpp: what CPU tensors occupy. lt_use_pool is the loader's, before the first tensor.
internal static partial class Native
{
    [LibraryImport(Library)] internal static partial int lt_allocated_bytes(out long result);
}
