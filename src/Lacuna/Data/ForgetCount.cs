using System.Globalization;
using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget a random number of the training images. The same seed's larger number contains its smaller ones.</summary>
public sealed record ForgetCount(int Number) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"random:{Number}");

    private protected override int[] Indices(ImageSet train, DrawSource draws) =>
        draws.Choose(Math.Min(Number, train.Count), train.Count, DrawPurpose.ForgetSet, 0);
}
