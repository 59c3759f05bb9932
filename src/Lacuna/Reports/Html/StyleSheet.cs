namespace Lacuna.Reports.Html;

/// <summary>How a report looks: report.css, which is part of the assembly.</summary>
internal static class StyleSheet
{
    private static readonly Lazy<string> Text = new(() =>
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream("Lacuna.Reports.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    public static string Value => Text.Value;
}
