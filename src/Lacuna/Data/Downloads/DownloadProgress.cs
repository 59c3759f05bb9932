namespace Lacuna.Data.Downloads;

/// <summary>How far a download is.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">There already.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long Total);
