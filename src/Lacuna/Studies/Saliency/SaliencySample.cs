using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Studies.Saliency;

/// <summary>The images that are looked at, in the order in which they were drawn.</summary>
/// <param name="Name">"forget" or "retain".</param>
/// <param name="Rows">In the training set.</param>
/// <param name="Shown">Places among the rows of those on the sheet.</param>
internal sealed record SaliencySample(string Name, int[] Rows, int[] Shown)
{
    /// <summary>Draws both samples.</summary>
    public static (SaliencySample Forget, SaliencySample Retain) Draw(StudyContext context, SaliencyOptions options) =>
        (Draw("forget", context.Split.Forget, options.ShownForget, 0, context, options), Draw("retain", context.Split.Retain, options.ShownRetain, 1, context, options));

    private static SaliencySample Draw(string name, ReadOnlySpan<int> all, int shown, int step, StudyContext context, SaliencyOptions options)
    {
        var candidates = all.ToArray();
        int[] rows = [.. context.Draws.Permutation(candidates.Length, DrawPurpose.SaliencySample, step).Take(Math.Max(options.Sample, shown)).Select(i => candidates[i])];
        // The first of every class, then the second of every class: a sheet shows as many classes as it can.
        var order = Enumerable.Range(0, rows.Length).GroupBy(i => context.Train.Labels.Span[rows[i]]).SelectMany(group => group.Select((i, n) => (Place: i, Turn: n))).OrderBy(x => x.Turn).ThenBy(x => x.Place);
        return new(name, rows, [.. order.Take(shown).Select(x => x.Place)]);
    }
}
