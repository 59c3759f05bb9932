namespace Lacuna.Reports.Html;

/// <summary>Text that is HTML already.</summary>
internal readonly record struct RawHtml(string Text);
