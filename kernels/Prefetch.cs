using System.Runtime.Intrinsics.X86;

namespace Lacuna.Kernels;

/// <summary>
/// Fetches a cache line ahead. For the CPU paths that go over a few columns of many rows: the processor fetches ahead along a row by itself, but not
/// to where the next row's columns begin.
/// </summary>
internal static unsafe class Prefetch
{
    internal const int LineBytes = 64;

    /// <summary>A hint without effect on results; any address will do.</summary>
    internal static void Line(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
