namespace Lacuna.Data.Downloads;

/// <summary>A file that could not be downloaded, or is not the published one. The message says how to bring it another way.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : IOException(message, inner);
