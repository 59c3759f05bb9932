using System.Runtime.InteropServices;

namespace Lacuna.Data.Images.Native;

/// <summary>libjpeg-turbo's TurboJPEG C API (turbojpeg.h), the functions that 2.0 to 3.x share.</summary>
/// <remarks>C's unsigned long is passed as nuint: where it has 32 bits of a 64-bit register (Windows) the callee reads the lower half.</remarks>
internal static unsafe partial class TurboJpeg
{
    // enum TJPF
    public const int PixelRgbx = 2;
    public const int PixelCmyk = 11;

    // enum TJCS
    public const int ColourCmyk = 3;
    public const int ColourYcck = 4;

    // TJFLAG_*: any warning means damaged data and ends the work; a progressive file may not ask for more than 500 passes over its pixels.
    public const int StopOnWarning = 8192;
    public const int LimitScans = 32768;

    /// <summary>libjpeg's words for bytes between the last pixel and the end of the file: the one warning that leaves every pixel as it was meant, and that
    /// many a camera and editor is the cause of.</summary>
    public const string TrailingBytes = "before marker 0xd9";

    /// <summary>A decompressor, for one thread at a time; 0 without memory.</summary>
    public static nint Create()
    {
        ImageLibraries.Require(ImageLibraries.TurboJpeg);
        return tjInitDecompress();
    }

    /// <summary>What the last failure of a decompressor was.</summary>
    public static string Error(nint handle) => Marshal.PtrToStringUTF8(tjGetErrorStr2(handle)) ?? "";

    [LibraryImport(ImageLibraries.TurboJpeg)]
    private static partial nint tjInitDecompress();

    [LibraryImport(ImageLibraries.TurboJpeg)]
    private static partial nint tjGetErrorStr2(nint handle);

    [LibraryImport(ImageLibraries.TurboJpeg)]
    public static partial int tjDestroy(nint handle);

    [LibraryImport(ImageLibraries.TurboJpeg)]
    public static partial int tjDecompressHeader3(nint handle, byte* jpeg, nuint jpegSize, int* width, int* height, int* subsampling, int* colourspace);

    // Without flags: the accurate integer inverse DCT and smooth upsampling, libjpeg's defaults and so Pillow's.
    [LibraryImport(ImageLibraries.TurboJpeg)]
    public static partial int tjDecompress2(nint handle, byte* jpeg, nuint jpegSize, byte* destination, int width, int pitch, int height, int pixelFormat, int flags);
}
