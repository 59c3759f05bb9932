using System.Globalization;
using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget all images of one class, given by its index or its name (in any case).</summary>
public sealed record ForgetClass(string Class) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => $"class:{Class}";

    private protected override int[] Indices(ImageSet train, DrawSource draws)
    {
        int wanted = Find(train);
        ReadOnlySpan<int> labels = train.Labels.Span;
        var indices = new List<int>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == wanted)
            {
                indices.Add(i);
            }
        }
        return [.. indices];
    }

    private protected override int? ClassIndex(ImageSet train) => Find(train);

    // A name goes first: a class called "7" need not have index 7.
    private int Find(ImageSet train)
    {
        for (int i = 0; i < train.ClassCount; i++)
        {
            if (train.ClassNames[i].Equals(Class, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return int.TryParse(Class, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < train.ClassCount
            ? index
            : throw new ForgetSetException($"{train.Name} has no class '{Class}'. Its classes are {string.Join(", ", train.ClassNames.Select((name, i) => $"{i} {name}"))}.");
    }
}
