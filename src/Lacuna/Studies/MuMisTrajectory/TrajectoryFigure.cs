using System.Globalization;
using Lacuna.Figures;

namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>A watched run as a figure: accuracies, both norms and the ratio that the stop rule looks at, against steps.</summary>
internal static class TrajectoryFigure
{
    public static Figure Of(Trajectory run, TrajectoryPoint? oracle, TrajectoryMeter meter)
    {
        var steps = Series(run, point => point.Step);
        var axis = new Axis("steps", Minimum: 0);
        Mark[] marks = run.EndStep is { } end ? [new(end, run.Converged ? "stop" : "cap")] : [];
        List<Line> accuracies =
        [
            new("forget images", steps, Series(run, point => point.Forget)),
            new("retain images", steps, Series(run, point => point.Retain)),
            new("test images", steps, Series(run, point => point.Test)),
        ];
        var whole = run.Points.Any(point => double.IsFinite(point.ForgottenTest));
        if (whole) accuracies.Insert(1, new("test images of what is forgotten", steps, Series(run, point => point.ForgottenTest)));
        if (oracle is not null)
        {
            accuracies.Add(Level("retain images, retrained", steps, oracle.Retain));
            accuracies.Add(Level("test images, retrained", steps, oracle.Test));
        }
        var start = run.Points.Count > 0 ? run.Points[0].Irrelevant : double.NaN;
        return new("mu-mis-trajectory", "MU-Mis step by step", Caption(run, meter, whole), "Cheng et al. 2024 (arXiv 2402.15109), algorithm 1 and its observation on the irrelevant sensitivity",
        [
            new LinePanel("Accuracies", axis, new("accuracy (%)", Minimum: 0, Maximum: 100), accuracies, marks),
            new LinePanel("Input sensitivity of the forget images", axis, new("root mean square of the gradient's norm", Logarithmic: true),
                [new("target logit", steps, Series(run, point => Placed(point.Target))), new("irrelevant logits", steps, Series(run, point => Placed(point.Irrelevant)))], marks),
            new LinePanel("What the stop rule looks at", axis, new("s_t / s_0", Minimum: 0),
                [new("irrelevant sensitivity against its start", steps, Series(run, point => Finite(point.Irrelevant / start))), Level("threshold", steps, run.Delta)], marks),
            Table(run),
        ]);
    }

    private static double[] Series(Trajectory run, Func<TrajectoryPoint, double> value) => [.. run.Points.Select(value)];

    private static Line Level(string name, double[] steps, double value) => new(name, steps, [.. steps.Select(_ => value)], [], [], Dashed: true);

    private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    private static double Placed(double norm) => norm > 0 ? Finite(norm) : double.NaN;

    private static TablePanel Table(Trajectory run)
    {
        List<(string Name, TrajectoryPoint? Point)> rows = [("start", run.Points.FirstOrDefault()), ("smallest irrelevant norm", run.Points.Where(point => double.IsFinite(point.Irrelevant)).MinBy(point => point.Irrelevant))];
        if (run.EndStep is { } end) rows.Add((run.Converged ? "stop" : "cap", run.Points.First(point => point.Step == end)));
        if (run.Points.Count > 0 && run.Points[^1].Step != run.EndStep) rows.Add(("last seen", run.Points[^1]));
        return new("At some steps", ["When", "Step", "Forget (%)", "Retain (%)", "Test (%)", "Test images of what is forgotten (%)", "Target norm", "Irrelevant norm"],
            [.. rows.Where(row => row.Point is not null).Select(row => (IReadOnlyList<string>)
            [
                row.Name, row.Point!.Step.ToString(CultureInfo.InvariantCulture), Percent(row.Point.Forget), Percent(row.Point.Retain), Percent(row.Point.Test), Percent(row.Point.ForgottenTest),
                Number(row.Point.Target), Number(row.Point.Irrelevant),
            ])]);
    }

    private static string Caption(Trajectory run, TrajectoryMeter meter, bool whole) => string.Create(CultureInfo.InvariantCulture,
        $"The method's own run, looked at between its steps: accuracy on all forget images, on {meter.RetainImages} retain images and on {meter.TestImages} test images{(whole ? " without those of the forgotten classes, which have a line of their own" : "")}; "
        + $"norms of the input gradients of target and irrelevant logits over {meter.SensitivityImages} forget images and all irrelevant classes looked at, where the method itself draws one class an image and step: its s_t scatters about the curve shown. "
        + $"{(run.EndStep is { } end ? $"It ended after {end} steps: {run.EndReason}." : run.EndReason)} {run.Beyond}").TrimEnd();

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G4", CultureInfo.InvariantCulture) : "not finite";

    private static string Percent(double value) => double.IsNaN(value) ? "" : value.ToString("0.0", CultureInfo.InvariantCulture);
}
