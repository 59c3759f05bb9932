namespace Lacuna.Reports.Charts;

/// <summary>One name of a legend.</summary>
/// <param name="Name">As in the record.</param>
/// <param name="Style">Its look.</param>
/// <param name="Kind">What of it is drawn.</param>
internal readonly record struct LegendEntry(string Name, SeriesStyle Style, LegendKind Kind);
