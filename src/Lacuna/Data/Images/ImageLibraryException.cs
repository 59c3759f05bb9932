namespace Lacuna.Data.Images;

/// <summary>A library that decodes images is not on this machine. The message says how to bring it.</summary>
public sealed class ImageLibraryException(string message, Exception? inner = null) : IOException(message, inner);
