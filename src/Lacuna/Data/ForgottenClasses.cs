namespace Lacuna.Data;

/// <summary>The classes and sub-classes that a forget set takes whole; a test set is divided by them.</summary>
/// <param name="Classes">Indices of classes, ascending.</param>
/// <param name="SubClasses">Indices of sub-classes, ascending.</param>
public sealed record ForgottenClasses(IReadOnlyList<int> Classes, IReadOnlyList<int> SubClasses)
{
    /// <summary>Single images are forgotten.</summary>
    public static ForgottenClasses None { get; } = new([], []);

    /// <summary>Whether there are none.</summary>
    public bool IsNone => Classes.Count == 0 && SubClasses.Count == 0;

    /// <summary>The images of a set that belong to one of them, ascending.</summary>
    /// <exception cref="ForgetSetException">Sub-classes are forgotten, but the set has none.</exception>
    public int[] Of(ImageSet set)
    {
        if (SubClasses.Count > 0 && set.Details.SubLabels is null)
            throw new ForgetSetException($"A sub-class is forgotten, but {set.Name} has no sub-classes. Open CIFAR-100 with --labels coarse, as when the split was made.");
        return
        [
            .. Enumerable.Range(0, set.Count).Where(i =>
                Classes.Contains(set.Labels.Span[i]) || (SubClasses.Count > 0 && SubClasses.Contains(set.Details.SubLabels![i]))),
        ];
    }
}
