using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lacuna.Peers;

/// <summary>Resident memory of this process as Linux counts it; elsewhere nothing is known of it.</summary>
internal static partial class ProcessMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>
    /// Lets a process to be started give back every freed tensor at once. By itself glibc's allocator takes ever larger blocks (to 32 MB) from a heap that fragments, and the peak of one and the same step, in PyTorch's
    /// process, was 91 MB or 154 MB as it happened, where 84 MB were in use.
    /// </summary>
    public static void MakeExact(ProcessStartInfo start) => start.Environment["MALLOC_MMAP_THRESHOLD_"] = (128 << 10).ToString(CultureInfo.InvariantCulture);

    /// <summary>Gives back what is free and lets the peak begin anew.</summary>
    public static void ForgetPeak()
    {
        if (!File.Exists(Status)) return;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            _ = Trim(0);
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, or no leave: then the peak is that of the whole run.
        }
    }

    /// <summary>Bytes now (VmRSS) or at most (VmHWM).</summary>
    public static long? Bytes(string field)
    {
        if (!File.Exists(Status)) return null;
        var line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
