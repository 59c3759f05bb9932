using System.Runtime.InteropServices;

namespace Lacuna.Data.Images.Native;

/// <summary>What drawing an SVG picture needs of librsvg 2.52 or later (rsvg-handle.h), cairo 1.16 (cairo.h) and GObject.</summary>
internal static unsafe partial class Rsvg
{
    // CAIRO_FORMAT_RGB24: 32 bits a pixel, the highest eight unused.
    public const int Rgb24 = 1;

    /// <summary>RsvgRectangle.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Rectangle(double x, double y, double width, double height)
    {
        public readonly double X = x;
        public readonly double Y = y;
        public readonly double Width = width;
        public readonly double Height = height;
    }

    [LibraryImport(ImageLibraries.Rsvg)]
    public static partial nint rsvg_handle_new_from_data(byte* data, nuint length, nint* error);

    [LibraryImport(ImageLibraries.Rsvg)]
    public static partial int rsvg_handle_get_intrinsic_size_in_pixels(nint handle, out double width, out double height);

    [LibraryImport(ImageLibraries.Rsvg)]
    public static partial int rsvg_handle_render_document(nint handle, nint cairo, Rectangle* viewport, nint* error);

    [LibraryImport(ImageLibraries.GObject)]
    public static partial void g_object_unref(nint handle);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial nint cairo_image_surface_create_for_data(byte* data, int format, int width, int height, int stride);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial nint cairo_create(nint surface);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial int cairo_status(nint cairo);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial void cairo_surface_flush(nint surface);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial void cairo_destroy(nint cairo);

    [LibraryImport(ImageLibraries.Cairo)]
    public static partial void cairo_surface_destroy(nint surface);
}
