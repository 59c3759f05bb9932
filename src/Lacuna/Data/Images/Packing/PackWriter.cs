using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Lacuna.Data.Images.Packing;

/// <summary>Makes a pack: everything under a temporary name, which nobody else can open, and the right name at the end.</summary>
/// <remarks>Two processes that pack the same set write two temporary files of the same content, and the later one replaces the other's.</remarks>
internal static class PackWriter
{
    /// <summary>The ending of packs that are being written.</summary>
    public const string Temporary = ".tmp";

    private const int NoSpaceUnix = 28;
    private const int NoSpaceWindows = unchecked((int)0x80070070);
    private const int Piece = 4 << 20;

    /// <summary>Decodes the images of a folder into a pack.</summary>
    /// <param name="path">The pack; its folder exists.</param>
    /// <exception cref="DamagedImagesException">Images are damaged, and they are not to be skipped, or no others are left.</exception>
    /// <exception cref="DataFileException">The pack cannot be written.</exception>
    public static void Write(string path, string key, FolderContent content, ImageShape shape, ImageFolderOptions options, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var wanted = PackHeader.Size + (long)(content.Train.Length + content.Test.Length) * shape.Length;
        string? temporary = null;
        try
        {
            using var file = Create(path, wanted, out temporary);
            Fill(file, temporary, key, content, shape, options, progress, cancellation);
            RandomAccess.FlushToDisk(file);
            // Still open: nobody may take it for an orphan in between.
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (temporary is not null) File.Delete(temporary);
            if (e is (IOException or UnauthorizedAccessException) and not (DataFileException or DamagedImagesException or ImageLibraryException)) throw Unwritable(path, wanted, e);
            throw;
        }
    }

    /// <summary>Creates the temporary file and holds it open, which others see until the process ends, in whatever way.</summary>
    private static SafeFileHandle Create(string path, long length, out string temporary)
    {
        for (var attempt = 0; ; attempt++)
        {
            temporary = $"{path}.{Guid.NewGuid():N}{Temporary}";
            try
            {
                return File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.None, length);
            }
            catch (IOException) when (attempt < 2 && !File.Exists(temporary))
            {
                // Another process looked for orphans in the moment before it was held.
            }
        }
    }

    private static DataFileException Unwritable(string path, long wanted, Exception e)
    {
        var folder = Path.GetDirectoryName(path)!;
        var free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        return new(folder, e.HResult is NoSpaceUnix or NoSpaceWindows || free < wanted
            ? FormattableString.Invariant($"the disk is full: the pack takes {wanted / 1e6:0} MB, and {free / 1e6:0} MB are free. Free some, or have it kept elsewhere: LACUNA_CACHE=FOLDER.")
            : $"the pack cannot be written there ({e.Message}). Have it kept elsewhere: LACUNA_CACHE=FOLDER.", e);
    }

    private static void Fill(
        SafeFileHandle file, string path, string key, FolderContent content, ImageShape shape, ImageFolderOptions options, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        FolderFile[] files = [.. content.Train, .. content.Test];
        var reasons = new ImagePacker(content.Root, files, shape, options.Sizing, options.Limits).Run(file, PackHeader.Size, progress, cancellation);
        DamagedImage[] skipped = [.. files.Zip(reasons, (image, reason) => (image.Path, Reason: reason)).Where(pair => pair.Reason is not null).Select(pair => new DamagedImage(pair.Path, pair.Reason!))];
        if (skipped.Length > 0 && !options.SkipBad) throw new DamagedImagesException(content.Root, skipped);
        var kept = Enumerable.Range(0, files.Length).Where(i => reasons[i] is null).ToArray();
        var train = kept.AsSpan().IndexOfAnyInRange(content.Train.Length, int.MaxValue) is >= 0 and var border ? border : kept.Length;
        if (train == 0 || train == kept.Length) throw new DamagedImagesException(content.Root, skipped);
        if (skipped.Length > 0) CloseGaps(file, kept, shape.Length, cancellation);

        var tables = new PackTables(content.Root, options.Sizing, content.ClassNames, Array.ConvertAll(kept, i => files[i].Path), Array.ConvertAll(kept, i => files[i].Label), skipped, content.OtherFiles);
        var bytes = tables.ToBytes();
        var end = PackHeader.Size + (long)kept.Length * shape.Length;
        RandomAccess.Write(file, bytes, end);
        RandomAccess.SetLength(file, end + bytes.Length);
        var header = new PackHeader(shape, train, kept.Length - train, end, bytes.Length, Hash(file, path, 0, train, shape, tables), Hash(file, path, train, kept.Length - train, shape, tables),
            Convert.ToHexStringLower(SHA256.HashData(bytes)), key);
        RandomAccess.Write(file, header.ToBytes(), 0);
    }

    // Downwards only, so that no image is overwritten before it was moved.
    private static void CloseGaps(SafeFileHandle file, int[] kept, int length, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Max(length, Piece / length * length)];
        for (var to = 0; to < kept.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            var run = 1;
            while (to + run < kept.Length && kept[to + run] == kept[to] + run && (run + 1) * (long)length <= buffer.Length) run++;
            if (kept[to] != to)
            {
                var images = buffer.AsSpan(0, run * length);
                if (RandomAccess.Read(file, images, PackHeader.Size + (long)kept[to] * length) != images.Length) throw new IOException("the file was shortened while it was written");
                RandomAccess.Write(file, images, PackHeader.Size + (long)to * length);
            }
            to += run;
        }
    }

    private static string Hash(SafeFileHandle file, string path, int from, int count, ImageShape shape, PackTables tables)
    {
        using var pixels = new MappedPixels(file, path, PackHeader.Size + (long)from * shape.Length, (long)count * shape.Length, leaveOpen: true);
        return new ImageSet(path, pixels, tables.Labels[from..(from + count)], shape.Channels, shape.Height, shape.Width, tables.ClassNames, ImageDetails.None).ContentHash;
    }
}
