namespace Lacuna.Data.Images;

/// <summary>An image that cannot be used.</summary>
/// <param name="File">Its file, relative to the set's folder, with '/'.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record DamagedImage(string File, string Reason);
