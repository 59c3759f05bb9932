namespace Lacuna.Data.Images;

/// <summary>An image file as a folder lists it.</summary>
/// <param name="Path">Relative to the set's folder, with '/'.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Changed">When it was written last, in 100 ns since year 1, UTC.</param>
/// <param name="Label">Its class's index.</param>
internal readonly record struct FolderFile(string Path, long Length, long Changed, int Label);
