using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// Forget training images at random: over the whole set, so many of every class, or only from among those that another
/// specification chooses. The same seed's larger amount contains its smaller ones.
/// </summary>
/// <param name="Amount">How many.</param>
/// <param name="PerClass">Of every class for itself.</param>
/// <param name="Within">From among which images; null for all.</param>
public sealed record ForgetRandom(ForgetAmount Amount, bool PerClass, ForgetSetSpec? Within) : ForgetSetSpec
{
    /// <summary>Marks an amount that is meant for each class.</summary>
    public const string ClassMark = "/class";

    /// <inheritdoc/>
    public override string ToString() => $"random:{Amount}{(PerClass ? ClassMark : "")}{(Within is null ? "" : "@" + Within)}";

    /// <summary>Reads what stands behind <c>random:</c>: <c>10%</c>, <c>16/class</c>, <c>16@class:3</c>.</summary>
    /// <returns>Null when it is none of these.</returns>
    internal static ForgetRandom? ParseValue(string value)
    {
        var (words, within) = value.Split('@', 2, StringSplitOptions.TrimEntries) is [var before, var after] ? (before, after) : (value, null);
        var perClass = words.EndsWith(ClassMark, StringComparison.OrdinalIgnoreCase);
        if (ForgetAmount.Parse(perClass ? words[..^ClassMark.Length].TrimEnd() : words) is not { } amount) return null;
        return new(amount, perClass, within is null ? null : Parse(within));
    }

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws)
    {
        int[] from = Within is null ? [.. Enumerable.Range(0, train.Count)] : Choice(Within, train, test, draws);
        if (!PerClass) return Choose(from, draws, 0);
        // Step 0 is the draw over all; each class has its own, so that one's size never moves another's draw.
        return [.. from.GroupBy(i => train.Labels.Span[i]).SelectMany(group => Choose([.. group], draws, group.Key + 1)).Order()];
    }

    private int[] Choose(int[] from, DrawSource draws, int step) =>
        Array.ConvertAll(draws.Choose(Amount.Of(from.Length), from.Length, DrawPurpose.ForgetSet, step), position => from[position]);
}
