namespace Lacuna.Data.Images;

/// <summary>An image that cannot be decoded; the message is the reason, without the file.</summary>
internal sealed class BadImageException(string reason) : Exception(reason);
