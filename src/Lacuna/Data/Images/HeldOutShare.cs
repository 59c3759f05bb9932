using System.Globalization;

namespace Lacuna.Data.Images;

/// <summary>A share of each class that becomes the test set, where a folder has none.</summary>
/// <param name="Share">In (0, 1); each class gives the nearest count, at least 1 and never all.</param>
/// <param name="Seed">The same seed and files give the same choice.</param>
public readonly record struct HeldOutShare(double Share, ulong Seed)
{
    /// <summary>A share as it is written: "20%". Never drawn with a run's seed: every run must meet the same test images.</summary>
    /// <exception cref="ArgumentException">It is no percentage between 0 and 100.</exception>
    public static HeldOutShare Parse(string text)
    {
        if (!text.EndsWith('%') || !double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent))
            throw new ArgumentException($"The share to hold out is '{text}'; write a share of each class, for example 20%.");
        var share = new HeldOutShare(percent / 100, 1);
        share.Validate();
        return share;
    }

    internal void Validate()
    {
        if (!(Share > 0 && Share < 1)) throw new ArgumentException(FormattableString.Invariant($"The share to hold out is {Share}; it must lie between 0 and 1."));
    }
}
