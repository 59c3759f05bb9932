namespace Lacuna.Data.Downloads;

/// <summary>Brings a public set into its folder: downloads what is missing, checks every hash, unpacks.</summary>
/// <param name="files">Receives single files.</param>
/// <param name="home">Where sets are put.</param>
public sealed class SetDownload(FileDownload files, DataHome home)
{
    /// <summary>Does what is still to do. A file that lies in the set's folder under its published name is checked and used.</summary>
    /// <param name="set">The set.</param>
    /// <param name="from">A mirror in place of the published address: an address or a folder that holds the files under their published names; or null.</param>
    /// <param name="cancellation">Ends the download; a later one goes on there.</param>
    /// <returns>The set's folder.</returns>
    /// <exception cref="DownloadException">A file cannot be had, or is another.</exception>
    public async Task<string> RunAsync(PublicSet set, string? from, CancellationToken cancellation)
    {
        var folder = home.FolderOf(set);
        if (home.Find(set) is not null && home.Check(set, cancellation).Count == 0) return folder;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException($"{folder} cannot be made ({e.Message.TrimEnd('.')}). Set LACUNA_DATA to a folder that can be written.", e);
        }
        foreach (var file in set.Files)
        {
            var target = Path.Combine(folder, file.Name);
            if (File.Exists(target)) FileDownload.CheckHash(file, target, "Delete it and run this again");
            else if (from is not null && Directory.Exists(from)) await Copy(file, from, target, cancellation);
            else await files.RunAsync(file, AddressOf(file, from), target, cancellation);
        }
        home.Save(set, set.Unpacked.Count == 0 ? set.Files.Select(file => file.Name) : Unpack(set, folder));
        return folder;
    }

    private static Uri AddressOf(PublicFile file, string? from)
    {
        if (from is null) return file.Address;
        return Uri.TryCreate(from.TrimEnd('/') + "/" + file.Name, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address!
            : throw new ArgumentException($"'{from}' is neither a folder nor an address that begins with http:// or https://. Give the place that holds {file.Name}.");
    }

    private static async Task Copy(PublicFile file, string from, string target, CancellationToken cancellation)
    {
        var source = Path.Combine(from, file.Name);
        if (!File.Exists(source)) throw new DownloadException($"{source} is not there. Put {file.Name} ({file.Bytes} bytes) from {file.Address} into that folder.");
        FileDownload.CheckHash(file, source, "Bring the published file");
        var part = target + FileDownload.PartSuffix;
        await using (var input = File.OpenRead(source))
        await using (var output = File.Create(part))
        {
            await input.CopyToAsync(output, cancellation);
        }
        File.Move(part, target, overwrite: true);
    }

    // The hash of the archive is known, so its content is; the files are written whole or not at all all the same.
    private static List<string> Unpack(PublicSet set, string folder)
    {
        var archive = Path.Combine(folder, set.Files[0].Name);
        var files = new TarFiles(archive, set.Unpacked.ToHashSet());
        if (set.Unpacked.FirstOrDefault(name => !files.Has(name)) is { } missing) throw new DataFileException(archive, $"does not hold {missing}.");
        foreach (var name in set.Unpacked) AtomicFile.Write(Path.Combine(folder, name), file => file.Write(files.Read(name)));
        File.Delete(archive);
        return [.. set.Unpacked];
    }
}
