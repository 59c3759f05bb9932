namespace Lacuna.Data.Images;

/// <summary>What a file's first bytes say it is.</summary>
internal enum ImageKind
{
    Other,
    Jpeg,
    Png,
}
