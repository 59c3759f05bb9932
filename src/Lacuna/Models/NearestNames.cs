namespace Lacuna.Models;

/// <summary>Pairs names that a file lacks with names that it has too many of: each lacking name with the one most like it.</summary>
internal sealed class NearestNames
{
    private readonly Dictionary<string, string> _toMissing = [];
    private readonly Dictionary<string, string> _toUnexpected = [];

    /// <summary>Compares every name with every other, unless these are more than <paramref name="mostComparisons"/>.</summary>
    public NearestNames(IReadOnlyList<(string Name, long[] Shape)> missing, IReadOnlyList<(string Name, long[] Shape)> unexpected, int mostComparisons)
    {
        if ((long)missing.Count * unexpected.Count > mostComparisons) return;
        var costs = new Dictionary<string, int>();
        foreach (var (wanted, shape) in missing)
        {
            var best = int.MaxValue;
            foreach (var (offered, other) in unexpected)
            {
                if (Cost(wanted, offered, shape.AsSpan().SequenceEqual(other)) is not { } cost) continue;
                if (cost < best) (best, _toMissing[wanted]) = (cost, offered);
                if (cost < costs.GetValueOrDefault(offered, int.MaxValue)) (costs[offered], _toUnexpected[offered]) = (cost, wanted);
            }
        }
    }

    /// <summary>The surplus name most like a lacking one, or null when none is like it.</summary>
    public string? ToMissing(string name) => _toMissing.GetValueOrDefault(name);

    /// <summary>The lacking name most like a surplus one, or null when none is like it.</summary>
    public string? ToUnexpected(string name) => _toUnexpected.GetValueOrDefault(name);

    // Edits, fewer where the shapes agree. Names are alike that differ in at most half of their letters, or in a quarter where the shapes differ too.
    private static int? Cost(string a, string b, bool sameShape)
    {
        var longest = Math.Max(a.Length, b.Length);
        if (longest > 200 || Math.Abs(a.Length - b.Length) > longest / 2) return null;
        var edits = Edits(a, b);
        return edits <= longest / (sameShape ? 2 : 4) ? (2 * edits) + (sameShape ? 0 : 5) : null;
    }

    // Levenshtein's distance, a row at a time.
    private static int Edits(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
