using System.Globalization;
using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Studies.Sequence;

/// <summary>
/// The requests of a sequence as splits, each following the one before it. Where none are named: of a class, it and the classes after it; of a sub-class likewise; of single
/// images, these and further groups of as many, drawn from all others.
/// </summary>
internal static class SequenceRequests
{
    /// <exception cref="ForgetSetException">A request fits the set not, or has nothing left to forget or to retain.</exception>
    public static IReadOnlyList<ForgetSplit> Of(StudyContext context, SequenceOptions options)
    {
        var single = options.Requests.Count > 0
            ? options.Requests.Select(words => ForgetSetSpec.Parse(words).Split(context.Train, context.Draws, context.Test))
            : context.Split.Whole switch
            {
                { Classes: [var first, ..] } => Whole("class", first, context.Train.Labels.ToArray(), context, options.Count),
                { SubClasses: [var first, ..] } => Whole("subclass", first, context.Train.Details.SubLabels!, context, options.Count),
                _ => Groups(context, options.Count),
            };
        var chain = new List<ForgetSplit>();
        foreach (var split in single) chain.Add(chain.Count == 0 ? split : split.After(chain[^1]));
        return chain;
    }

    /// <summary>The first class and those after it, from the last to class 0 again; one at least is retained.</summary>
    private static IEnumerable<ForgetSplit> Whole(string kind, int first, IReadOnlyList<int> labels, StudyContext context, int count)
    {
        int[] present = [.. labels.Distinct().Order()];
        var start = Array.IndexOf(present, first);
        return Enumerable.Range(0, Math.Min(count, present.Length - 1))
            .Select(i => ForgetSetSpec.Parse(string.Create(CultureInfo.InvariantCulture, $"{kind}:{present[(start + i) % present.Length]}")).Split(context.Train, context.Draws));
    }

    private static IEnumerable<ForgetSplit> Groups(StudyContext context, int count)
    {
        var split = context.Split;
        yield return split;
        var size = split.Forget.Length;
        var others = split.Retain.ToArray();
        var order = context.Draws.Permutation(others.Length, DrawPurpose.SequenceGroups, 0);
        for (var group = 0; group < count - 1 && (group + 1) * size < others.Length; group++)
        {
            int[] rows = [.. order[(group * size)..((group + 1) * size)].Select(place => others[place]).Order()];
            yield return new ForgetSplit(string.Create(CultureInfo.InvariantCulture, $"group {group + 2}: {size} other images"), split.Seed, split.SetName, split.SetHash, split.Count, rows, ForgottenClasses.None);
        }
    }
}
