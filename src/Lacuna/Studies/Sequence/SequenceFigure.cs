using System.Globalization;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Studies.Sequence;

/// <summary>The figure and files of a <see cref="SequenceStudy"/>.</summary>
internal sealed record SequenceFigure(StudyContext Context, IReadOnlyList<ForgetSplit> Requests, IReadOnlyList<SequenceCourse> Courses)
{
    private SequenceCourse? Oracle => Courses.FirstOrDefault(course => course.Method == ResultTable.Oracle && course.Failure is null);

    public Figure Make()
    {
        WriteFiles();
        var panels = new List<Panel>
        {
            Lines("The newest request", "accuracy (%)", 1, (course, t) => course.Steps[t].Newest),
            Lines("All earlier requests", "mean accuracy (%)", 2, (course, t) => course.Steps[t].Earlier),
            Lines("Retained training images", "RA (%)", 0, (course, t) => course.Steps[t].Retain),
            Lines("Test images", "TA (%)", 0, (course, t) => course.Steps[t].Test),
        };
        if (Oracle is { } oracle)
        {
            panels.Add(Lines("Utility gap to retrain", "average gap (points)", 1, (course, t) => course.Steps[t].UtilityGapTo(oracle.Steps[t])));
            panels.Add(Lines("Resilience gap to retrain", "average gap (points)", 1, (course, t) => course.Steps[t].ResilienceGapTo(oracle.Steps[t])));
        }
        panels.AddRange(Courses.Select(Grid));
        panels.Add(new TablePanel("How each step ended", ["Method", .. Requests.Select(request => request.Spec)], [.. Courses.Select(course => (string[])[course.Method, .. course.Steps.Skip(1).Select(Ending)])]));
        var failures = string.Concat(Courses.Where(course => course.Failure is not null).Select(course => $" {course.Method} did not come to the end: {course.Failure}"));
        return new("sequence", $"{Requests.Count} requests, one after another",
            $"Forgotten in this order: {string.Join("; ", Requests.Select(request => $"{request.Spec} ({request.Forget.Length} images)"))}. Every method goes on from what it left at the step before and sees the new request "
            + "and what is retained, never again what was forgotten before; a forget vector goes on from the vector before. retrain is trained anew at every step without all that was forgotten so far. "
            + "Step 0 is the original. The utility gap is the mean distance of RA and TA to retrain's, the resilience gap that of the accuracies on all requests so far: a request that comes back shows there." + failures,
            "Cheng et al. 2024 (arXiv 2402.15109), sequential unlearning; the two gaps as defined here, for the paper's exact forms are not known",
            panels);
    }

    private LinePanel Lines(string title, string label, int from, Func<SequenceCourse, int, double> value)
    {
        int[] steps = [.. Enumerable.Range(from, Requests.Count + 1 - from)];
        double[] x = [.. steps.Select(t => (double)t)];
        return new(title, new Axis("requests met", Minimum: 0, Maximum: Requests.Count), new Axis(label, Minimum: 0), [.. Courses.Select(course => new Line(course.Method, x, [.. steps.Select(t => value(course, t))]))], []);
    }

    private GridPanel Grid(SequenceCourse course) => new(
        $"{course.Method}: accuracy on the images of each request", "requests met", [.. course.Steps.Select(step => step.Step.ToString(CultureInfo.InvariantCulture))],
        "request", [.. Requests.Select(request => request.Spec)],
        [.. Requests.Select((_, i) => (IReadOnlyList<double>)[.. course.Steps.Select(step => step.Accuracies[i])])], "accuracy (%)", ShowNumbers: true);

    private static string Ending(SequenceStep step) =>
        step.Ended.Length == 0 ? "" : double.IsNaN(step.Seconds) ? step.Ended : string.Create(CultureInfo.InvariantCulture, $"{step.Ended} ({step.Seconds:0.0} s)");

    private void WriteFiles()
    {
        StudyTable.Write(Path.Combine(Context.Folder, "sequence-requests.csv"), ["method", "step", "request", "request_words", "met", "accuracy"],
            from course in Courses
            from step in course.Steps
            from i in Enumerable.Range(0, Requests.Count)
            select (object?[])[course.Method, step.Step, i + 1, Requests[i].Spec, i < step.Step ? "yes" : "no", step.Accuracies[i]]);
        StudyTable.Write(Path.Combine(Context.Folder, "sequence-steps.csv"),
            ["method", "step", "accuracy_newest", "accuracy_earlier", "retain_accuracy", "test_accuracy", "utility_gap", "resilience_gap", "seconds", "ended"],
            from course in Courses
            from step in course.Steps
            let oracle = Oracle?.Steps[step.Step]
            select (object?[])
            [
                course.Method, step.Step, step.Newest, step.Earlier, step.Retain, step.Test, oracle is null ? null : step.UtilityGapTo(oracle), oracle is null ? null : step.ResilienceGapTo(oracle), step.Seconds, step.Ended,
            ]);
    }
}
