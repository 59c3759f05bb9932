using System.Runtime.InteropServices;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Native;

namespace Lacuna.Reports;

/// <summary>SVG pictures as pixels, where librsvg is installed.</summary>
internal static unsafe class SvgPicture
{
    // Two pixels a unit: sharp in a paper's column and on dense screens.
    private const int Scale = 2;

    /// <summary>What to say where no pixels can be made; null where they can.</summary>
    public static string? Missing() => ImageLibraries.Missing(ImageLibraries.Rsvg);

    /// <summary>A PNG file of a picture.</summary>
    /// <exception cref="ImageLibraryException">librsvg is not on this machine.</exception>
    public static byte[] Png(ReadOnlySpan<byte> svg)
    {
        ImageLibraries.Require(ImageLibraries.Rsvg);
        nint handle;
        fixed (byte* data = svg) handle = Rsvg.rsvg_handle_new_from_data(data, (nuint)svg.Length, null);
        if (handle == 0) throw new InvalidOperationException("librsvg cannot read a chart that was drawn.");
        try
        {
            if (Rsvg.rsvg_handle_get_intrinsic_size_in_pixels(handle, out var width, out var height) == 0) throw new InvalidOperationException("librsvg finds no size in a chart that was drawn.");
            return Draw(handle, (int)Math.Ceiling(width) * Scale, (int)Math.Ceiling(height) * Scale);
        }
        finally
        {
            Rsvg.g_object_unref(handle);
        }
    }

    private static byte[] Draw(nint handle, int width, int height)
    {
        var pixels = new byte[checked(width * height * 4)];
        fixed (byte* start = pixels)
        {
            var surface = Rsvg.cairo_image_surface_create_for_data(start, Rsvg.Rgb24, width, height, width * 4);
            var context = Rsvg.cairo_create(surface);
            try
            {
                var all = new Rsvg.Rectangle(0, 0, width, height);
                if (Rsvg.cairo_status(context) != 0 || Rsvg.rsvg_handle_render_document(handle, context, &all, null) == 0) throw new InvalidOperationException("librsvg cannot draw a chart.");
                Rsvg.cairo_surface_flush(surface);
            }
            finally
            {
                Rsvg.cairo_destroy(context);
                Rsvg.cairo_surface_destroy(surface);
            }
        }
        // Cairo keeps a pixel as one 32-bit number, 0x00RRGGBB.
        var words = MemoryMarshal.Cast<byte, uint>(pixels);
        var rgb = new byte[words.Length * 3];
        for (var i = 0; i < words.Length; i++) (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]) = ((byte)(words[i] >> 16), (byte)(words[i] >> 8), (byte)words[i]);
        return PngFile.Encode(rgb, height, width, 3);
    }
}
