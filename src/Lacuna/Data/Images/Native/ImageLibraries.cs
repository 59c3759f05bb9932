using System.Reflection;
using System.Runtime.InteropServices;

namespace Lacuna.Data.Images.Native;

/// <summary>Finds libjpeg-turbo and libpng under the names they have on each system.</summary>
internal static class ImageLibraries
{
    public const string TurboJpeg = "turbojpeg";
    public const string Png = "png16";

    private const string Advice = "On Debian and Ubuntu: apt-get install libturbojpeg0 libpng16-16 (Fedora: dnf install turbojpeg libpng; macOS: brew install jpeg-turbo libpng; "
        + "Windows: turbojpeg.dll and libpng16.dll on the PATH, for example from vcpkg install libjpeg-turbo libpng).";

    private static readonly Lazy<nint> LoadedTurboJpeg = new(() => Load(TurboJpeg));
    private static readonly Lazy<nint> LoadedPng = new(() => Load(Png));

    // An assembly has one resolver; the engine's other native libraries are opened by name.
    static ImageLibraries() => NativeLibrary.SetDllImportResolver(typeof(ImageLibraries).Assembly, Resolve);

    /// <summary>Loads a library unless that is done.</summary>
    /// <exception cref="ImageLibraryException">It is not on this machine.</exception>
    public static void Require(string library)
    {
        if (Missing(library) is { } message) throw new ImageLibraryException(message);
    }

    /// <summary>What to say where a library is not on this machine; null where it is.</summary>
    public static string? Missing(string library)
    {
        if (Resolve(library, typeof(ImageLibraries).Assembly, null) != 0) return null;
        var format = library == Png ? "PNG files need libpng 1.6" : "JPEG files need libjpeg-turbo's TurboJPEG library, 2.0 or later";
        return $"{format}, which is not on this machine (tried {string.Join(", ", Names(library))}). {Advice}";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        TurboJpeg => LoadedTurboJpeg.Value,
        Png => LoadedPng.Value,
        _ => 0,
    };

    private static nint Load(string library)
    {
        foreach (var name in Names(library))
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        }
        return 0;
    }

    private static string[] Names(string library) => (library, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS()) switch
    {
        (TurboJpeg, true, _) => ["turbojpeg.dll", "libturbojpeg.dll"],
        (TurboJpeg, _, true) => ["libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.dylib", "/usr/local/lib/libturbojpeg.dylib"],
        (TurboJpeg, _, _) => ["libturbojpeg.so.0", "libturbojpeg.so"],
        (_, true, _) => ["libpng16.dll", "libpng16-16.dll"],
        (_, _, true) => ["libpng16.16.dylib", "/opt/homebrew/lib/libpng16.dylib", "/usr/local/lib/libpng16.dylib"],
        _ => ["libpng16.so.16", "libpng16.so"],
    };
}
