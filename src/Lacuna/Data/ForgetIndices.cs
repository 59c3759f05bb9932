using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget the training images whose indices a text file lists: one a line, from 0, # begins a comment.</summary>
public sealed record ForgetIndices(string ListPath) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => $"indices:{ListPath}";

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws) => IndexFile.Read(ListPath, train.Count);
}
