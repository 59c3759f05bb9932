using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>What is to be forgotten, in the words of the command line, which are the same everywhere: <see cref="Forms"/>.</summary>
public abstract record ForgetSetSpec
{
    /// <summary>Every form <see cref="Parse"/> takes, for help and messages.</summary>
    public const string Forms =
        "class:3, class:NAME or class:cat,dog (whole classes), subclass:NAME (CIFAR-20's fine classes), random:10% or random:16 (at random; 16/class: of every class; 16@class:3: of class 3), "
        + "indices:FILE (one index a line), files:FILE (one file name a line), csv:FILE:COLUMN=VALUE[,VALUE] (rows of a CSV file that names the images' files)";

    private protected ForgetSetSpec()
    {
    }

    /// <summary>Reads a specification. Whether it fits a data set shows when it is split.</summary>
    /// <exception cref="ForgetSetException">The words are none of <see cref="Forms"/>.</exception>
    public static ForgetSetSpec Parse(string text)
    {
        (string kind, string value) = text.Split(':', 2, StringSplitOptions.TrimEntries) is [var k, { Length: > 0 } v] ? (k, v) : ("", "");
        ForgetSetSpec? spec = kind.ToLowerInvariant() switch
        {
            "class" => new ForgetClass(value),
            "subclass" => new ForgetSubClass(value),
            "random" => ForgetRandom.ParseValue(value),
            "indices" => new ForgetIndices(value),
            "files" => new ForgetFiles(value),
            "csv" when ForgetCsv.HasForm(value) => new ForgetCsv(value),
            _ => null,
        };
        return spec ?? throw new ForgetSetException($"'{text}' names no forget set. Use {Forms}.");
    }

    /// <summary>The specification as <see cref="Parse"/> reads it.</summary>
    public abstract override string ToString();

    /// <summary>Divides a training set into what is forgotten and what is retained: a function of the set, this specification and the seed.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="draws">For random choices.</param>
    /// <param name="test">The test set beside it; a CSV's rows on its images are then known for what they are.</param>
    /// <exception cref="ForgetSetException">Nothing, or everything, would be forgotten, or the set has no such class.</exception>
    /// <exception cref="DataFileException">A list or table cannot be used.</exception>
    public ForgetSplit Split(ImageSet train, DrawSource draws, ImageSet? test = null)
    {
        int[] forget = Indices(train, test, draws);
        if (forget.Length == 0 || forget.Length == train.Count)
        {
            throw new ForgetSetException($"{this} takes {(forget.Length == 0 ? "none" : "all")} of the {train.Count} images of {train.Name}; something must be forgotten and something retained. Choose another forget set.");
        }
        return new ForgetSplit(ToString(), draws.Seed, train.Name, train.ContentHash, train.Count, forget, Whole(train));
    }

    /// <summary>The chosen training images, ascending, distinct, inside the set.</summary>
    private protected abstract int[] Indices(ImageSet train, ImageSet? test, DrawSource draws);

    /// <summary>The classes that are forgotten whole, if the specification is of such.</summary>
    private protected virtual ForgottenClasses Whole(ImageSet train) => ForgottenClasses.None;

    /// <summary>What another specification chooses.</summary>
    private protected static int[] Choice(ForgetSetSpec spec, ImageSet train, ImageSet? test, DrawSource draws) => spec.Indices(train, test, draws);
}
