using Lacuna.Gpu.Optimisers;
using Lacuna.Runs.Bench.Cases;

namespace Lacuna.Runs.Bench;

/// <summary>Every case, in the order of the kernels.</summary>
public static class BenchCases
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        new ForgetVectorCase(),
        new ForgetVectorsCase(),
        new PixelsCase(),
        new ForgetVectorStepCase(),
        new ForgetVectorProjectionsCase(),
        new SquaredNormsCase(),
        new SensitivityGapCase(),
        new ImportanceCase(),
        new HoldCase(),
        new LayerImportanceCase(),
        new OptimiserCase("sgd", 5, (kernels, p, _, _) => new FusedSgd(kernels, p, 0.9, weightDecay: 5e-4)),
        new OptimiserCase("sgd-pull", 7, (kernels, p, start, hold) => new FusedSgd(kernels, p, 0.9, weightDecay: 5e-4, pull: new(start, hold, 0.1))),
        new OptimiserCase("adam", 7, (kernels, p, _, _) => new FusedAdam(kernels, p)),
        new AttackStartCase(),
        AttackStepCase.L2,
        AttackStepCase.Linf,
        LogitCase.Losses(10),
        LogitCase.Losses(1000),
        LogitCase.Membership(10),
        LogitCase.Membership(1000),
        new AssembleBatchCase(),
        new ResizeCropsCase(),
        new LargestMagnitudesCase(),
    ];

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
