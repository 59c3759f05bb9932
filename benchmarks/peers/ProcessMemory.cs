using System.Globalization;
using System.Runtime.InteropServices;

namespace Lacuna.Peers;

/// <summary>Resident memory of this process as Linux counts it; elsewhere nothing is known of it.</summary>
internal static partial class ProcessMemory
{
    private const string Status = "/proc/self/status";

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
