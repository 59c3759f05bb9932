using System.Globalization;
using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>What is to be forgotten, in the words of the command line: <c>class:3</c>, <c>class:trouser</c>, <c>random:10%</c>,
/// <c>random:16</c>, <c>indices:FILE</c>.</summary>
public abstract record ForgetSetSpec
{
    /// <summary>Every form <see cref="Parse"/> takes, for help and messages.</summary>
    public const string Forms =
        "class:INDEX or class:NAME (all images of a class), random:P% (a share of the training images), random:N (a number of them), indices:FILE (one index a line)";

    private protected ForgetSetSpec()
    {
    }

    /// <summary>Reads a specification. Whether it fits a data set shows when it is split.</summary>
    /// <exception cref="ForgetSetException">The words are none of <see cref="Forms"/>.</exception>
    public static ForgetSetSpec Parse(string text)
    {
        (string kind, string value) = text.Split(':', 2, StringSplitOptions.TrimEntries) is [var k, { Length: > 0 } v] ? (k, v) : ("", "");
        return kind.ToLowerInvariant() switch
        {
            "class" => new ForgetClass(value),
            "indices" => new ForgetIndices(value),
            "random" when value.EndsWith('%') && decimal.TryParse(value[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent) =>
                new ForgetShare(percent),
            "random" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) => new ForgetCount(count),
            _ => throw new ForgetSetException($"'{text}' names no forget set. Use {Forms}."),
        };
    }

    /// <summary>The specification as <see cref="Parse"/> reads it.</summary>
    public abstract override string ToString();

    /// <summary>Divides a training set into what is forgotten and what is retained: a function of the set, this specification and the seed.</summary>
    /// <exception cref="ForgetSetException">Nothing, or everything, would be forgotten, or the set has no such class.</exception>
    /// <exception cref="DataFileException">The index file cannot be used.</exception>
    public ForgetSplit Split(ImageSet train, DrawSource draws)
    {
        int[] forget = Indices(train, draws);
        if (forget.Length == 0 || forget.Length == train.Count)
        {
            throw new ForgetSetException($"{this} takes {(forget.Length == 0 ? "none" : "all")} of the {train.Count} images of {train.Name}; something must be forgotten and something retained. Choose another forget set.");
        }
        return new ForgetSplit(ToString(), draws.Seed, train.Name, train.ContentHash, train.Count, forget, ClassIndex(train));
    }

    /// <summary>The chosen training images, ascending, distinct, inside the set.</summary>
    private protected abstract int[] Indices(ImageSet train, DrawSource draws);

    /// <summary>The class that is forgotten whole, if the specification is one.</summary>
    private protected virtual int? ClassIndex(ImageSet train) => null;
}
