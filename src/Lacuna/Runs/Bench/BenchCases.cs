using Lacuna.Runs.Bench.Cases;

namespace Lacuna.Runs.Bench;

/// <summary>Every case, in the order of the kernels.</summary>
public static class BenchCases
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<BenchCase> All { get; } = [new SquaredNormsCase(), new AssembleBatchCase(), new LargestMagnitudesCase()];

    /// <summary>Those whose name contains one of the words; all when there is none.</summary>
    /// <exception cref="ArgumentException">A word fits no case.</exception>
    public static IReadOnlyList<BenchCase> Find(IReadOnlyCollection<string> words)
    {
        foreach (var word in words)
        {
            if (!All.Any(c => c.Name.Contains(word, StringComparison.Ordinal)))
                throw new ArgumentException($"No operation's name contains '{word}'. There are {string.Join(", ", All.Select(c => c.Name))}.");
        }
        return words.Count == 0 ? All : [.. All.Where(c => words.Any(word => c.Name.Contains(word, StringComparison.Ordinal)))];
    }
}
