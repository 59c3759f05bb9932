namespace Lacuna.Data.Images;

/// <summary>Channels and size of a set's stored images.</summary>
internal readonly record struct ImageShape(int Channels, int Height, int Width)
{
    // Headers are at the beginning, behind what cameras write there.
    private const int FirstBytes = 1 << 16;
    private const int Block = 4096;

    /// <summary>Bytes of one image.</summary>
    public int Length => checked(Channels * Height * Width);

    /// <summary>Finds out what the options leave open, from the images' headers; from no more of them than needed. Damaged ones have no say.</summary>
    /// <exception cref="DataFileException">No size is asked for, and the images have several.</exception>
    /// <exception cref="DamagedImagesException">No size is asked for, and no image has one.</exception>
    public static ImageShape Of(FolderContent content, ImageSizing sizing, ImageLimits limits, CancellationToken cancellation)
    {
        if (sizing is { Stored: { } known, Channels: { } given }) return new(given, known, known);
        FolderFile[] files = [.. content.Train, .. content.Test];
        var grey = true;
        (int Index, ImageHeader Header)? first = null;
        var reasons = new string?[files.Length];
        var headers = new ImageHeader?[Block];
        for (var at = 0; at < files.Length; at += Block)
        {
            var (from, count) = (at, Math.Min(Block, files.Length - at));
            Parallel.For(0, count, new() { CancellationToken = cancellation }, () => new ImageFileReader(), (i, _, reader) =>
            {
                headers[i] = Header(reader, Path.Combine(content.Root, files[from + i].Path), limits, out reasons[from + i]);
                return reader;
            }, reader => reader.Dispose());
            for (var i = 0; i < count; i++)
            {
                if (headers[i] is not { } header) continue;
                grey &= header.Greyscale;
                first ??= (at + i, header);
                var (index, reference) = first.Value;
                if (sizing.Stored is null && (header.Width, header.Height) != (reference.Width, reference.Height))
                    throw new DataFileException(content.Root, $"its images have several sizes: {files[index].Path} has {reference.Width}x{reference.Height} pixels, {files[at + i].Path} has {header.Width}x{header.Height}. Give the size to bring them to (--resize).");
            }
            if (sizing.Stored is not null && !grey) break;
        }
        if (first is null) throw new DamagedImagesException(content.Root, [.. files.Select((file, i) => new DamagedImage(file.Path, reasons[i] ?? ""))]);
        var (width, height) = sizing.Stored is { } side ? (side, side) : ((int)first.Value.Header.Width, (int)first.Value.Header.Height);
        return new(sizing.Channels ?? (grey ? 1 : 3), height, width);
    }

    private static ImageHeader? Header(ImageFileReader reader, string path, ImageLimits limits, out string? reason)
    {
        reason = null;
        try
        {
            ImageHeader header;
            try
            {
                header = ImageHeader.Read(reader.Read(path, FirstBytes));
            }
            catch (BadImageException)
            {
                header = ImageHeader.Read(reader.Read(path));
            }
            limits.Check(header.Width, header.Height);
            return header;
        }
        catch (BadImageException e)
        {
            reason = e.Message;
            return null;
        }
    }
}
