using System.Globalization;
using Lacuna.Profiling;
using Lacuna.Runs.Profiling;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>A profile on the terminal.</summary>
internal static class ProfileScreen
{
    private const int LeastWidth = 40;

    public static void Print(Host host, ProfileReport report)
    {
        host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Method} on {report.Environment.Device}, {report.Environment.Threads} thread(s): {report.Seconds:0.00} s, {report.ImagesPerSecond:N0} images/s through forward passes"));
        host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Gflops:0} GFLOP/s, {100 * report.ShareOfPeak:0} % of the device's {report.Peak.MatrixGflops:0} in a matrix product; a copy moves {report.Peak.CopyGigabytesPerSecond:0.0} GB/s; idle {100 * report.IdleShare:0} %"));
        host.Out.WriteLine($"Passes: {report.Environment.Passes}");
        host.Out.WriteLine();
        foreach (var line in FlameBar.Lines(report.Spans, Math.Max(LeastWidth, host.Screen.Profile.Width - 1)))
            host.Screen.MarkupLine(string.Concat(line.Select(piece => piece.Kind is { } kind ? $"[{Style(kind)}]{Markup.Escape(piece.Text)}[/]" : piece.Text)).TrimEnd());
        host.Out.WriteLine();
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("What");
        table.AddColumn("Which");
        foreach (var head in (string[])["Calls", "Seconds", "Share", "Images/s", "GFLOP/s", "of peak"]) table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        foreach (var share in report.Shares)
        {
            table.AddRow(share.Kind.ToString().ToLowerInvariant(), Markup.Escape(share.Name), share.Calls == 0 ? "" : share.Calls.ToString("N0", CultureInfo.InvariantCulture),
                Number(share.Seconds, "0.000"), Number(100 * share.Share, "0.0") + " %", Number(share.ImagesPerSecond, "N0"), Number(share.Gflops, "0"), share.ShareOfPeak is { } of ? Number(100 * of, "0") + " %" : "");
        }
        host.Screen.Write(table);
        host.Out.WriteLine();
        host.Out.WriteLine("Every moment counts for the innermost of what was under way; rates of a pass count the kernels in it.");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Style(SpanKind kind) => kind switch
    {
        SpanKind.Pass => "black on green",
        SpanKind.Kernel => "black on yellow",
        SpanKind.Data => "black on aqua",
        SpanKind.Copy => "black on fuchsia",
        _ => "black on silver",
    };
}
