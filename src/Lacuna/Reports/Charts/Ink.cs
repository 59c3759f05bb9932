namespace Lacuna.Reports.Charts;

/// <summary>What words and thin lines are drawn with.</summary>
internal enum Ink
{
    /// <summary>Words that matter.</summary>
    Text,

    /// <summary>Numbers at axes.</summary>
    Muted,

    /// <summary>Lines behind the data.</summary>
    Grid,

    /// <summary>Numbers on the light half of a colour scale.</summary>
    OnLow,

    /// <summary>Numbers on its full half.</summary>
    OnHigh,
}
