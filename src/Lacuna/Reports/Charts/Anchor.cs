namespace Lacuna.Reports.Charts;

/// <summary>Which end of a text stands at its place.</summary>
internal enum Anchor
{
    /// <summary>The left one.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The right one.</summary>
    End,
}
