using System.Reflection;
using System.Runtime.InteropServices;

namespace Lacuna.Data.Images.Native;

/// <summary>Finds the libraries for pictures under the names they have on each system: libjpeg-turbo and libpng read images, librsvg draws charts into pixels.</summary>
internal static class ImageLibraries
{
    public const string TurboJpeg = "turbojpeg";
    public const string Png = "png16";
    public const string Rsvg = "rsvg-2";
    public const string Cairo = "cairo";
    public const string GObject = "gobject-2.0";

    private const string ImageAdvice = "On Debian and Ubuntu: apt-get install libturbojpeg0 libpng16-16 (Fedora: dnf install turbojpeg libpng; macOS: brew install jpeg-turbo libpng; "
        + "Windows: turbojpeg.dll and libpng16.dll on the PATH, for example from vcpkg install libjpeg-turbo libpng).";

    private const string ChartAdvice = "On Debian and Ubuntu: apt-get install librsvg2-2 fonts-dejavu-core (Fedora: dnf install librsvg2; macOS: brew install librsvg).";

    private static readonly Dictionary<string, Lazy<nint>> Loaded = new[] { TurboJpeg, Png, Rsvg, Cairo, GObject }.ToDictionary(name => name, name => new Lazy<nint>(() => Load(name)));

    // An assembly has one resolver; the engine's other native libraries are opened by name.
    static ImageLibraries() => NativeLibrary.SetDllImportResolver(typeof(ImageLibraries).Assembly, Resolve);

    /// <summary>Loads a library unless that is done.</summary>
    /// <exception cref="ImageLibraryException">It is not on this machine.</exception>
    public static void Require(string library)
    {
        if (Missing(library) is { } message) throw new ImageLibraryException(message);
    }

    /// <summary>What to say where a library, or one that it comes with, is not on this machine; null where it is.</summary>
    public static string? Missing(string library)
    {
        string[] needed = library == Rsvg ? [Rsvg, Cairo, GObject] : [library];
        var lacking = needed.FirstOrDefault(name => (Loaded.TryGetValue(name, out var known) ? known.Value : Load(name)) == 0);
        if (lacking is null) return null;
        var (purpose, advice) = library switch
        {
            Png => ("PNG files need libpng 1.6", ImageAdvice),
            Rsvg => ("charts as PNG files need librsvg 2.52 or later with cairo", ChartAdvice),
            _ => ("JPEG files need libjpeg-turbo's TurboJPEG library, 2.0 or later", ImageAdvice),
        };
        return $"{purpose}, which is not on this machine (tried {string.Join(", ", Names(lacking))}). {advice}";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => Loaded.TryGetValue(name, out var library) ? library.Value : 0;

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
        (Png, true, _) => ["libpng16.dll", "libpng16-16.dll"],
        (Png, _, true) => ["libpng16.16.dylib", "/opt/homebrew/lib/libpng16.dylib", "/usr/local/lib/libpng16.dylib"],
        (Png, _, _) => ["libpng16.so.16", "libpng16.so"],
        (Rsvg, true, _) => ["librsvg-2-2.dll"],
        (Rsvg, _, true) => ["librsvg-2.2.dylib", "/opt/homebrew/lib/librsvg-2.dylib", "/usr/local/lib/librsvg-2.dylib"],
        (Rsvg, _, _) => ["librsvg-2.so.2"],
        (Cairo, true, _) => ["libcairo-2.dll", "cairo-2.dll"],
        (Cairo, _, true) => ["libcairo.2.dylib", "/opt/homebrew/lib/libcairo.2.dylib", "/usr/local/lib/libcairo.2.dylib"],
        (Cairo, _, _) => ["libcairo.so.2"],
        (GObject, true, _) => ["libgobject-2.0-0.dll", "gobject-2.0-0.dll"],
        (GObject, _, true) => ["libgobject-2.0.0.dylib", "/opt/homebrew/lib/libgobject-2.0.dylib", "/usr/local/lib/libgobject-2.0.dylib"],
        (GObject, _, _) => ["libgobject-2.0.so.0"],
        _ => [library],
    };
}
