namespace Lacuna.Reports.Charts;

/// <summary>What a name looks like in a chart.</summary>
internal enum LegendKind
{
    /// <summary>A curve with markers.</summary>
    Line,

    /// <summary>A dashed reference without markers.</summary>
    DashedLine,

    /// <summary>A filled area, such as a bar.</summary>
    Area,
}
