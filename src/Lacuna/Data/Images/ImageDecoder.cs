using System.Buffers.Binary;
using Lacuna.Data.Images.Native;

namespace Lacuna.Data.Images;

/// <summary>
/// Decodes JPEG and PNG files to the pixels that Pillow's <c>Image.open(file).convert('RGB')</c> has, four bytes each: red, green, blue and one without
/// meaning. What a file is its first bytes say, not its name. Like torchvision's ImageFolder it does not turn images as their EXIF orientation says.
/// For one thread at a time; it keeps its buffers.
/// </summary>
/// <remarks>Alpha is dropped, not blended; gamma and colour profiles are ignored. Two differences from Pillow: 16-bit PNG samples are rounded to 8 bits,
/// where Pillow takes the upper byte (and, of greyscale ones, all above 255 for white); damage that libjpeg only warns of is refused.</remarks>
internal sealed unsafe class ImageDecoder(ImageLimits limits) : IDisposable
{
    private const int Channels = 4;

    private readonly NativeBuffer _pixels = new();
    private readonly NativeBuffer _chunks = new();
    private nint _jpeg;

    /// <summary>Decodes a file's content.</summary>
    /// <returns>Pixels [Height, Width, 4], valid until the next call.</returns>
    /// <exception cref="BadImageException">It is damaged, too large, or neither JPEG nor PNG.</exception>
    /// <exception cref="ImageLibraryException">The library for it is not on this machine.</exception>
    public DecodedImage Decode(ReadOnlySpan<byte> content) => ImageHeader.KindOf(content) switch
    {
        ImageKind.Jpeg => DecodeJpeg(content),
        ImageKind.Png => DecodePng(content),
        _ => throw new BadImageException(ImageHeader.NoImage(content)),
    };

    public void Dispose()
    {
        if (_jpeg != 0) _ = TurboJpeg.tjDestroy(_jpeg);
        _jpeg = 0;
        _pixels.Dispose();
        _chunks.Dispose();
    }

    private DecodedImage DecodeJpeg(ReadOnlySpan<byte> content)
    {
        if (_jpeg == 0) _jpeg = TurboJpeg.Create();
        if (_jpeg == 0) throw new OutOfMemoryException();
        fixed (byte* jpeg = content)
        {
            int width, height, subsampling, colourspace;
            if (TurboJpeg.tjDecompressHeader3(_jpeg, jpeg, (nuint)content.Length, &width, &height, &subsampling, &colourspace) != 0) throw BadJpeg();
            limits.Check(width, height);
            var cmyk = colourspace is TurboJpeg.ColourCmyk or TurboJpeg.ColourYcck;
            var image = new DecodedImage(_pixels.Reserve((long)width * height * Channels), width, height);
            // Only the first warning is told; behind this one there is nothing left to warn of.
            if (!Decompress(content, image, cmyk, TurboJpeg.StopOnWarning) && !(IsTrailing() && (Decompress(content, image, cmyk, 0) || IsTrailing()))) throw BadJpeg();
            if (cmyk) PixelFormats.InvertedCmykToRgb(image.Pixels, (long)width * height);
            return image;
        }
    }

    private bool Decompress(ReadOnlySpan<byte> content, DecodedImage image, bool cmyk, int flags)
    {
        fixed (byte* jpeg = content)
        {
            return TurboJpeg.tjDecompress2(_jpeg, jpeg, (nuint)content.Length, image.Pixels, image.Width, image.Width * Channels, image.Height,
                cmyk ? TurboJpeg.PixelCmyk : TurboJpeg.PixelRgbx, TurboJpeg.LimitScans | flags) == 0;
        }
    }

    private bool IsTrailing() => TurboJpeg.Error(_jpeg).EndsWith(TurboJpeg.TrailingBytes, StringComparison.Ordinal);

    private BadImageException BadJpeg() => new($"libjpeg-turbo: {TurboJpeg.Error(_jpeg)}");

    private DecodedImage DecodePng(ReadOnlySpan<byte> content)
    {
        var length = KeepPixelChunks(content);
        var (width, height) = ((int)BinaryPrimitives.ReadUInt32BigEndian(content[16..]), (int)BinaryPrimitives.ReadUInt32BigEndian(content[20..]));
        var image = Png.New();
        if (Png.png_image_begin_read_from_memory(&image, _chunks.Pointer, (nuint)length) == 0) throw new BadImageException($"libpng: {image.Error}");
        image.Format = Png.Rgba;
        image.Flags = Png.Samples16AreSrgb;
        var pixels = _pixels.Reserve((long)width * height * Channels);
        if (Png.png_image_finish_read(&image, null, pixels, width * Channels, null) == 0) throw new BadImageException($"libpng: {image.Error}");
        return new(pixels, width, height);
    }

    /// <summary>Copies what the pixels are made of: libpng would otherwise apply gamma, profiles and transparent colours, and unpack texts.</summary>
    private int KeepPixelChunks(ReadOnlySpan<byte> content)
    {
        var header = ImageHeader.ReadPng(content);
        limits.Check(header.Width, header.Height);
        var kept = new Span<byte>(_chunks.Reserve(content.Length), content.Length);
        content[..8].CopyTo(kept);
        var (at, end) = (8, 8);
        while (true)
        {
            // Length, type, data, check sum.
            if (content.Length - at < 12) throw new BadImageException($"the PNG file ends at offset {content.Length} without its end chunk; it is truncated");
            var length = BinaryPrimitives.ReadUInt32BigEndian(content[at..]);
            var type = content.Slice(at + 4, 4);
            if (length > content.Length - at - 12) throw new BadImageException($"the PNG chunk at offset {at} goes beyond the end of the file; it is truncated");
            var whole = content.Slice(at, (int)length + 12);
            at += whole.Length;
            if (!(type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8))) continue;
            whole.CopyTo(kept[end..]);
            end += whole.Length;
            if (type.SequenceEqual("IEND"u8)) return end;
        }
    }
}
