using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// Loads the shim at the first native call and refuses a libtorch it was not built for: C++ has no stable binary
/// interface, so a mismatch would not fail cleanly but crash somewhere, later.
/// </summary>
internal static unsafe partial class Loader
{
    private const string FileName = "libLacunaTorch.so";

    private static readonly Lazy<nint> Loaded = new(Load);

    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(Loader).Assembly, (name, _, _) => name == Native.Library ? Loaded.Value : 0);

    private static nint Load()
    {
        // OpenMP's threads spin while they wait, by default for milliseconds. Where another process wants the same cores, each barrier then costs a time slice: training ran
        // 12 times slower beside two busy processes. Not spinning at all costs a fifth of the speed of a training step on a quiet machine. These rounds, some tens of
        // microseconds, cost neither. libgomp reads the number when it is loaded, and from the process's own environment, which .NET's does not write to. A user's word stays.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null or "") _ = SetEnvironment("GOMP_SPINCOUNT", "5000", overwrite: 0);
        nint library = Open(Path.Combine(AppContext.BaseDirectory, FileName));
        string built = Ask(library, "lt_built_for"), loaded = Ask(library, "lt_version");
        if (Mismatch(built, loaded) is { } message)
            throw new NotSupportedException(message);

        ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "lt_use_pool"))();
        // OMP_NUM_THREADS, when set, is the user's word.
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null or "")
            ((delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "lt_set_num_threads"))(Processors.PhysicalCores());
        return library;
    }

    /// <summary>Null when a shim built for one libtorch may run on another (same major and minor version), else what is wrong and what to do.</summary>
    internal static string? Mismatch(string built, string loaded)
    {
        if (Release(built) is { } b && b == Release(loaded))
            return null;
        return $"{FileName} was built for libtorch {built}, but libtorch {loaded} was loaded. Rebuild the solution against the libtorch that is "
            + "installed, or set LACUNA_LIBTORCH to the root of the one you want and rebuild; check that LD_LIBRARY_PATH names no other libtorch.";
    }

    private static (int Major, int Minor)? Release(string version)
    {
        string[] parts = version.Split('.');
        return parts.Length >= 2 && int.TryParse(parts[0], out int major) && int.TryParse(parts[1], out int minor) ? (major, minor) : null;
    }

    private static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(
                $"{path} could not be loaded: {error.Message} It needs the libtorch it was built against: install that "
                + "(apt-get install libtorch-dev libopenblas0-pthread), or set LACUNA_LIBTORCH to a libtorch's root and rebuild.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    private static string Ask(nint library, string export)
    {
        nint text;
        int status = ((delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, export))(&text);
        return status == 0 ? Marshal.PtrToStringUTF8(text) ?? "unknown" : "unknown";
    }
}
