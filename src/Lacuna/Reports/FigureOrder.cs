namespace Lacuna.Reports;

/// <summary>The order in which a report shows figures, by their ids: first what is measured of every model, then what studies found, then how the methods ran.</summary>
internal static class FigureOrder
{
    private static readonly string[] Known =
    [
        "metrics", FigureTables.Id, "predictions", "membership", "u-lira", "robustness", "grad-cam", "sensitivity", "mu-mis-trajectory",
        "composition", "composition-grid", "sequence", "representation", "relearning", TraceFigures.Id,
    ];

    /// <summary>Known ones first; others behind them as they came.</summary>
    public static IReadOnlyList<ReportFigure> Sorted(IEnumerable<ReportFigure> figures) => [.. figures.OrderBy(figure => Array.IndexOf(Known, figure.Figure.Id) is >= 0 and var at ? at : Known.Length)];
}
