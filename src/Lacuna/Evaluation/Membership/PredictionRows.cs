namespace Lacuna.Evaluation.Membership;

/// <summary>Chooses among predictions.</summary>
internal static class PredictionRows
{
    /// <summary>Those of <paramref name="all"/> whose label occurs among <paramref name="kind"/>'s.</summary>
    public static Predictions OfTheClassesOf(Predictions kind, Predictions all)
    {
        var classes = kind.Labels.ToHashSet();
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(i => classes.Contains(all.Labels[i]))];
        if (rows.Length == all.Count) return all;
        var logits = new float[rows.Length * all.Classes];
        for (var i = 0; i < rows.Length; i++) all.LogitsOf(rows[i]).CopyTo(logits.AsSpan(i * all.Classes));
        return new()
        {
            Labels = Pick(all.Labels),
            Predicted = Pick(all.Predicted),
            LabelConfidence = Pick(all.LabelConfidence),
            Entropy = Pick(all.Entropy),
            ModifiedEntropy = Pick(all.ModifiedEntropy),
            Logits = logits,
        };

        T[] Pick<T>(IReadOnlyList<T> values) => Array.ConvertAll(rows, row => values[row]);
    }
}
