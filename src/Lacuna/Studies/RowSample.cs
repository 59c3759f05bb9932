using Lacuna.Numerics;

namespace Lacuna.Studies;

/// <summary>Some of the rows of a set, where all would take too long.</summary>
internal static class RowSample
{
    /// <summary>At most <paramref name="images"/> of the rows, in their order; 0 takes all. The same seed, purpose and part give the same rows.</summary>
    public static int[] Of(ReadOnlySpan<int> rows, int images, DrawSource draws, DrawPurpose purpose, int part)
    {
        int[] all = rows.ToArray();
        return images == 0 || images >= all.Length ? all : Array.ConvertAll(draws.Choose(images, all.Length, purpose, part), place => all[place]);
    }
}
