using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Figures;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>The figure "figures": everything that was measured of the models as one number each, and every membership attack.</summary>
internal static class FigureTables
{
    /// <summary>Of the figure.</summary>
    public const string Id = "figures";

    /// <summary>The figure.</summary>
    /// <param name="rows">One a model, over seeds.</param>
    /// <param name="measured">What was measured of each, one a seed.</param>
    public static Figure Of(IReadOnlyList<SummaryRow> rows, IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> measured)
    {
        var misleading = measured.Any(model => MeasurementFigures.ForgottenWhole(model.Seeds[0]).Count > 0);
        return new(Id, "All figures",
            "Every figure by its symbol; a dash stands where one was not measured. Good is what the retrained model has. The AUC of an attack asks whether the forget images can be told from unseen images of the same kind: "
            + $"one half is not at all, more is still recognisable, less is over-unlearned, which gives them away as well.{(misleading ? " " + MembershipAttacks.MisleadingNote : "")}",
            "The measurements of each model; 'Definitions' below has formula and source of every symbol.", [Symbols(rows), Attacks(measured, misleading)]);
    }

    private static TablePanel Symbols(IReadOnlyList<SummaryRow> rows)
    {
        var shown = SummaryMetrics.Symbols.Where(symbol => rows.Any(row => row.Metrics.ContainsKey(symbol)));
        return new("", ["Figure", .. rows.Select(row => row.Name), "Meaning"], [.. shown.Select(symbol =>
            (string[])[symbol, .. rows.Select(row => SummaryCells.Text(row.Metrics.GetValueOrDefault(symbol), SummaryMetrics.IsFraction(symbol) ? "0.0000" : "0.00")), MetricDefinitions.Find(symbol)?.Name ?? ""])]);
    }

    private static TablePanel Attacks(IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> measured, bool misleading)
    {
        var names = measured[0].Seeds[0].Membership.Select(score => score.Attack).OrderBy(name => misleading && MembershipAttacks.LearnsItsSide(name));
        return new("AUC of the membership attacks, and what it says", ["Attack", .. measured.Select(model => model.Name)],
            [.. names.Select(attack => (string[])[misleading && MembershipAttacks.LearnsItsSide(attack) ? attack + " †" : attack, .. measured.Select(model => Cell(model.Seeds, attack))])]);
    }

    private static string Cell(IReadOnlyList<ModelMeasurement> seeds, string attack)
    {
        MembershipScore[] scores = [.. seeds.SelectMany(seed => seed.Membership.Where(score => score.Attack == attack && !double.IsNaN(score.Auc)))];
        if (scores.Length == 0) return "–";
        MembershipVerdict[] verdicts = [.. scores.Select(score => score.Verdict).Distinct()];
        return $"{SummaryCells.Text(Interval.Of([.. scores.Select(score => score.Auc)]), "0.000")} {(verdicts is [var verdict] ? verdict.Word() : "seeds differ")}";
    }
}
