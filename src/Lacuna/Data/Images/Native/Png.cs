using System.Runtime.InteropServices;

namespace Lacuna.Data.Images.Native;

/// <summary>libpng 1.6's simplified API (png.h): the whole of it reports errors by return values, where the other one jumps over its caller's frames.</summary>
internal static unsafe partial class Png
{
    // PNG_FORMAT_*
    public const uint Gray = 0;
    public const uint Rgb = 2;
    public const uint Rgba = 3;

    // PNG_IMAGE_FLAG_16BIT_sRGB: 16-bit samples are taken as they are, not as linear light.
    public const uint Samples16AreSrgb = 4;

    private const uint Version = 1;

    /// <summary>png_image.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColourMapEntries;
        public uint WarningOrError;
        public fixed byte Message[64];

        /// <summary>What failed.</summary>
        public readonly string Error
        {
            get
            {
                fixed (byte* message = Message) return Marshal.PtrToStringUTF8((nint)message) ?? "";
            }
        }
    }

    /// <summary>The library's own version.</summary>
    public static Version LibraryVersion()
    {
        var number = (int)png_access_version_number();
        return new(number / 10000, number / 100 % 100, number % 100);
    }

    /// <summary>An image to begin with.</summary>
    public static Image New()
    {
        ImageLibraries.Require(ImageLibraries.Png);
        return new() { Version = Version };
    }

    [LibraryImport(ImageLibraries.Png)]
    private static partial uint png_access_version_number();

    [LibraryImport(ImageLibraries.Png)]
    public static partial int png_image_begin_read_from_memory(Image* image, byte* memory, nuint size);

    [LibraryImport(ImageLibraries.Png)]
    public static partial int png_image_finish_read(Image* image, void* background, byte* buffer, int rowStride, void* colourMap);

    [LibraryImport(ImageLibraries.Png)]
    public static partial int png_image_write_to_memory(Image* image, byte* memory, nuint* size, int convertTo8Bit, byte* buffer, int rowStride, void* colourMap);

    [LibraryImport(ImageLibraries.Png)]
    public static partial void png_image_free(Image* image);
}
