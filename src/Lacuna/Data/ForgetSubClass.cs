using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget all images of one sub-class or of several, given by their indices or names (in any case): CIFAR-20's fine classes.</summary>
public sealed record ForgetSubClass(string SubClasses) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => $"subclass:{SubClasses}";

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws)
    {
        var wanted = Find(train);
        return [.. Enumerable.Range(0, train.Count).Where(i => wanted.Contains(train.Details.SubLabels![i]))];
    }

    private protected override ForgottenClasses Whole(ImageSet train) => new([], [.. Find(train)]);

    private SortedSet<int> Find(ImageSet train) => train.Details.SubLabels is null
        ? throw new ForgetSetException($"{train.Name} has no sub-classes. CIFAR-100 has them with --labels coarse; elsewhere forget by class, indices, files or csv.")
        : ClassWords.Find(SubClasses, train.Details.SubNames, "sub-class", train.Name);
}
