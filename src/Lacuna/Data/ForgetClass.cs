using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget all images of one class or of several, given by their indices or names (in any case).</summary>
public sealed record ForgetClass(string Classes) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => $"class:{Classes}";

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws)
    {
        var wanted = Find(train);
        var labels = train.Labels;
        return [.. Enumerable.Range(0, labels.Length).Where(i => wanted.Contains(labels.Span[i]))];
    }

    private protected override ForgottenClasses Whole(ImageSet train) => new([.. Find(train)], []);

    /// <summary>The named classes' indices.</summary>
    /// <exception cref="ForgetSetException">The set has no such class.</exception>
    public IReadOnlySet<int> Find(ImageSet train) => ClassWords.Find(Classes, train.ClassNames, "class", train.Name);
}
