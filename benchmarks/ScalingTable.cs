using System.Globalization;
using System.Text;

namespace Lacuna.Benchmarks;

/// <summary>A <see cref="ScalingReport"/> as markdown.</summary>
internal static class ScalingTable
{
    public static string Markdown(ScalingReport report)
    {
        var e = report.Environment;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**{report.Network}; {e.Device}, {e.Processor}, {e.Threads} thread(s); best of {report.Rounds} rounds**\n\n");
        if (report.Steps.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Microseconds an image by the size of the batch, and over those at {Scaling.Reference}; the spread is highest over lowest from {StepScaling.FlatFrom} up.\n\n| Step |");
            foreach (var size in Scaling.Batches) text.Append(CultureInfo.InvariantCulture, $" {size} |");
            text.Append(" spread |\n| --- |").Insert(text.Length, " ---: |", Scaling.Batches.Count + 1).Append('\n');
            foreach (var step in report.Steps)
            {
                text.Append("| ").Append(step.Step).Append(" |");
                foreach (var point in step.Points) text.Append(CultureInfo.InvariantCulture, $" {point.Microseconds:0} ({point.Relative:0.00}) |");
                text.Append(CultureInfo.InvariantCulture, $" {step.Spread:0.00} |\n");
            }
        }
        if (report.Steps.Count > 0 && report.Vectors.Count > 0) text.Append('\n');
        if (report.Vectors.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Applying forget vectors to a batch of {Scaling.Reference}.\n\n| Vectors | microseconds | over one |\n| ---: | ---: | ---: |\n");
            foreach (var point in report.Vectors) text.Append(CultureInfo.InvariantCulture, $"| {point.Size} | {point.Microseconds:0} | {point.Relative:0.00} |\n");
        }
        return text.ToString();
    }
}
