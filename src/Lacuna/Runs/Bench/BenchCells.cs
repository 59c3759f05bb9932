using System.Globalization;

namespace Lacuna.Runs.Bench;

/// <summary>A measurement as text, the same cells in every form.</summary>
public static class BenchCells
{
    private const double Megabyte = 1 << 20;

    /// <summary>Column heads.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["Operation", "Shape", "MB moved", "ms", "GB/s", "of copy", "operators ms", "times faster", "error"];

    /// <summary>Columns of words; all after them are numbers.</summary>
    public const int WordColumns = 2;

    /// <summary>One row's cells.</summary>
    public static IReadOnlyList<string> Of(BenchRow row) =>
    [
        row.Operation,
        row.Shape,
        Number(row.BytesMoved / Megabyte, "0.0"),
        Number(row.KernelMs, "0.000"),
        Number(row.GigabytesPerSecond, "0.0"),
        Number(100 * row.ShareOfCopy, "0") + " %",
        Number(row.OperatorMs, "0.000"),
        Number(row.TimesFaster, "0.0"),
        Number(row.LargestError, "0e+0"),
    ];

    /// <summary>What the table was measured on, as a sentence.</summary>
    public static string Title(BenchReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Environment.Device}, {report.Environment.Processor}, {report.Environment.Threads} thread(s), libtorch {report.Environment.Libtorch}: a plain copy moves {report.CopyGigabytesPerSecond:0.0} GB/s");

    /// <summary>The rows as markdown.</summary>
    public static string Markdown(BenchReport report) =>
        $"**{Title(report)}**\n\n| {string.Join(" | ", Heads)} |\n|{string.Concat(Heads.Select((_, i) => i < WordColumns ? " --- |" : " ---: |"))}\n"
        + string.Concat(report.Rows.Select(row => $"| {string.Join(" | ", Of(row))} |\n"));

    /// <summary>The rows as comma-separated values, with all digits; shapes hold commas and stand in quotes.</summary>
    public static string Csv(BenchReport report) =>
        "operation,shape,bytes_moved,kernel_ms,gigabytes_per_second,share_of_copy,operator_ms,times_faster,largest_error\n"
        + string.Concat(report.Rows.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{row.Operation},\"{row.Shape}\",{row.BytesMoved},{row.KernelMs:R},{row.GigabytesPerSecond:R},{row.ShareOfCopy:R},{row.OperatorMs:R},{row.TimesFaster:R},{row.LargestError:R}\n")));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
