namespace Lacuna.Data.Downloads;

/// <summary>A file of a downloaded set.</summary>
/// <param name="Name">In the set's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256);
