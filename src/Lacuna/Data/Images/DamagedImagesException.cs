namespace Lacuna.Data.Images;

/// <summary>Some images of a folder cannot be used. All were looked at, so the list is complete.</summary>
public sealed class DamagedImagesException(string folder, IReadOnlyList<DamagedImage> images) : IOException(Describe(folder, images))
{
    // More would push the advice off the screen.
    private const int Shown = 20;

    /// <summary>The set's folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Every damaged image.</summary>
    public IReadOnlyList<DamagedImage> Images { get; } = images;

    private static string Describe(string folder, IReadOnlyList<DamagedImage> images) => string.Join('\n', [
        $"{folder}: {images.Count} image(s) cannot be used. Replace or remove them, or pack the others with --skip-bad:",
        .. images.Take(Shown).Select(image => $"  {image.File}: {image.Reason}"),
        .. images.Count > Shown ? [$"  and {images.Count - Shown} more"] : Array.Empty<string>()]);
}
