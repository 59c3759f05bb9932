namespace Lacuna.Data.Downloads;

/// <summary>A published file.</summary>
/// <param name="Name">Its name on disk.</param>
/// <param name="Address">Where it is published.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
public sealed record PublicFile(string Name, Uri Address, long Bytes, string Sha256);
