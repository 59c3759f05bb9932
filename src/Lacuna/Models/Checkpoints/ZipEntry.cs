namespace Lacuna.Models.Checkpoints;

/// <summary>A stored file in a zip archive.</summary>
/// <param name="HeaderOffset">Where its local header begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Limit">Where the next thing in the archive begins.</param>
internal readonly record struct ZipEntry(string Name, long HeaderOffset, long Length, long Limit);
