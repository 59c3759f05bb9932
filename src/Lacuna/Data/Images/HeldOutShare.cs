namespace Lacuna.Data.Images;

/// <summary>A share of each class that becomes the test set, where a folder has none.</summary>
/// <param name="Share">In (0, 1); each class gives the nearest count, at least 1 and never all.</param>
/// <param name="Seed">The same seed and files give the same choice.</param>
public readonly record struct HeldOutShare(double Share, ulong Seed)
{
    internal void Validate()
    {
        if (!(Share > 0 && Share < 1)) throw new ArgumentException(FormattableString.Invariant($"The share to hold out is {Share}; it must lie between 0 and 1."));
    }
}
