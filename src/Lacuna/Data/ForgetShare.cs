using System.Globalization;
using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget a random share of the training images, rounded to the nearest count (halves up).</summary>
public sealed record ForgetShare(decimal Percent) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"random:{Percent}%");

    private protected override int[] Indices(ImageSet train, DrawSource draws)
    {
        // Clamped, so that more than everything is reported as everything.
        decimal share = Math.Min(Percent, 100) / 100;
        int count = (int)Math.Round(share * train.Count, MidpointRounding.AwayFromZero);
        return draws.Choose(count, train.Count, DrawPurpose.ForgetSet, 0);
    }
}
