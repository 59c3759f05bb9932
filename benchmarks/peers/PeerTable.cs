using System.Globalization;
using System.Text;

namespace Lacuna.Peers;

/// <summary>A comparison as markdown.</summary>
internal static class PeerTable
{
    public static string Markdown(PeerReport report)
    {
        var e = report.Environment;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**{e.Device}, {e.Processor}, {e.Threads} thread(s); libtorch {e.Libtorch} against PyTorch {report.PyTorch}; best of {report.Repeats}, in turns{Load(report)}**\n\n");
        text.Append("Milliseconds a step; ratios are theirs over ours, above 1 we are faster (in parentheses that of the medians).\n\n");
        text.Append("| Network | Step | Images | ours | tuned | layout | ratio | authors' way | ratio | difference | limit | MB ours / tuned |\n| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var row in report.Rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Network} | {row.Step}{row.Note} | {row.Images} | {row.Ours.BestMs:0.0} | {row.Tuned.Times.BestMs:0.0} | {row.Tuned.Layout}{(row.Tuned.SpinCount is null ? "" : ", short spins")} | {row.TunedRatio:0.00} ({row.TunedMedianRatio:0.00}) | {row.Authors.Times.BestMs:0.0} | {row.AuthorsRatio:0.00} | {Math.Max(row.Tuned.Difference, row.Authors.Difference):0e+0}{(row.Agrees ? "" : " MISS")} | {row.Limit:0e+0} | {Megabytes(row.Ours)} / {Megabytes(row.Tuned.Times)} |\n");
        }
        return text.ToString();
    }

    private static string Load(PeerReport report) => report.LoadBefore is { } before && report.LoadAfter is { } after
        ? string.Create(CultureInfo.InvariantCulture, $"; load of the machine {before:0.0} before and {after:0.0} after")
        : "";

    private static string Megabytes(SideTimes side) => side.PeakBytes is { } bytes ? (bytes / 1e6).ToString("0", CultureInfo.InvariantCulture) : "";
}
