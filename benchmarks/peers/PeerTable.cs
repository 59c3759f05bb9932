using System.Globalization;
using System.Text;

namespace Lacuna.Peers;

/// <summary>A comparison as markdown.</summary>
internal static class PeerTable
{
    private const string Header = """
        | Network | Step | Images | ours | tuned | layout | ratio | authors' way | ratio | ours off by | tuned off by | limit | MB ours / tuned | load |
        | --- | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |

        """;

    public static string Markdown(PeerReport report)
    {
        var e = report.Environment;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**{e.Device}, {e.Processor}, {e.Threads} thread(s); libtorch {e.Libtorch} against PyTorch {report.PyTorch}; best of {report.Settings.Repeats}, in turns**\n\n");
        text.Append("Milliseconds a step; ratios are theirs over ours, above 1 we are faster (in parentheses that of the medians). Results are off from those of float64; MISS: ours by more than the limit");
        text.Append(report.Rows.Any(row => row.Agreement.Yardstick == Yardstick.TunedPyTorch) ? "; †: from tuned PyTorch's in float32.\n\n" : ".\n\n");
        text.Append(Header.ReplaceLineEndings("\n"));
        foreach (var row in report.Rows)
        {
            var agreement = row.Agreement;
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Network} | {row.Step}{row.Note} | {row.Images} | {row.Ours.BestMs:0.0} | {row.Tuned.Times.BestMs:0.0} | {row.Tuned.Layout}{(row.Tuned.SpinCount is null ? "" : ", short spins")} | {row.TunedRatio:0.00} ({row.TunedMedianRatio:0.00}) | {row.Authors.Times.BestMs:0.0} | {row.AuthorsRatio:0.00} | {agreement.Ours:0.0e+0}{(agreement.Yardstick == Yardstick.Float64 ? "" : " †")}{(agreement.Holds ? "" : " MISS")} | {agreement.Tuned:0.0e+0} | {agreement.Limit:0.0e+0} | {Memory(row.Memory)} | {Load(row.Circumstances)} |\n");
        }
        return text.ToString();
    }

    private static string Load(Circumstances at) => at is { LoadBefore: { } before, LoadAfter: { } after } ? string.Create(CultureInfo.InvariantCulture, $"{before:0.0}, {after:0.0}") : "";

    private static string Memory(StepMemory memory) => $"{Megabytes(memory.Ours)} / {Megabytes(memory.Tuned)}{(memory.IsMore ? " MORE" : "")}";

    private static string Megabytes(long? bytes) => bytes is null ? "" : (bytes.Value / 1e6).ToString("0", CultureInfo.InvariantCulture);
}
