using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Figures;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Studies;
using Lacuna.Studies.MuMisTrajectory;
using Lacuna.Tests.Methods;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>What the study shows at a step is what a plain run of so many steps leaves, measured by other means.</summary>
public sealed class MuMisTrajectoryStudyTests : IDisposable
{
    private static readonly MuMisOptions settings = new() { LearningRate = 1e-4, BatchSize = 0, MaxSteps = 80, Delta = 0.7 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _set = Tiny.Bands(12);
    private readonly Classifier _original = Tiny.Trained();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _original.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EveryPointIsWhatARunOfSoManyStepsLeaves()
    {
        var context = Context(new MuMisMethod(settings));
        using var plain = new MuMisMethod(settings).Run(_original, Task(context), Cancel);
        Assert.True(plain.Converged, plain.StopReason);
        var study = new MuMisTrajectoryStudy(new() { Every = 7, SensitivityImages = 0 });
        var run = study.Measure(context, Cancel);

        var last = plain.Steps + (int)Math.Ceiling(plain.Steps * 0.5);
        Assert.Equal((plain.Steps, true, plain.StopReason, 0.7), (run.EndStep, run.Converged, run.EndReason, run.Delta));
        int[] expected = [.. Enumerable.Range(0, last + 1).Where(step => step % 7 == 0 || step == plain.Steps || step == last)];
        Assert.Equal(expected, run.Points.Select(point => point.Step));

        foreach (var point in new[] { run.Points[0], run.Points[1], run.Points.First(p => p.Step == plain.Steps), run.Points[^1] })
        {
            using var shorter = point.Step == 0 ? null : new MuMisMethod(settings with { Delta = 1e9, MaxSteps = point.Step }).Run(_original, Task(context), Cancel);
            var model = shorter?.Model ?? _original;
            double Accuracy(ImageSet set, Func<int, bool> rows) => new Predictor(model, null, CPU).Of(set, [.. Enumerable.Range(0, set.Count).Where(rows)], Cancel).AccuracyPercent;
            Assert.Equal(Accuracy(_set, row => row % 3 == 0), point.Forget);
            Assert.Equal(Accuracy(_set, row => row % 3 != 0), point.Retain);
            Assert.Equal(Accuracy(context.Test, row => row % 3 != 0), point.Test);
            Assert.Equal(Accuracy(context.Test, row => row % 3 == 0), point.ForgottenTest);
            var norms = new SensitivityMeter(model, null, CPU, new DrawSource(1), 9).Of(_set, context.Split.Forget, Cancel);
            // The watched run passes images in other batches: float rounding of norms.
            Assert.Equal(norms.TargetRms, point.Target, 1e-4 * norms.TargetRms);
            Assert.Equal(norms.IrrelevantRms, point.Irrelevant, 1e-4 * norms.IrrelevantRms);
        }
    }

    [Fact]
    public void TheFigureShowsThePointsTheStopAndTheThreshold()
    {
        using var retrained = ModelZoo.Create("cnn-s", _original.Options, seed: 9);
        var context = Context(new MuMisMethod(settings)) with { Subjects = [new(Subject.Original, _original, null), new("retrain", retrained, null)] };
        var study = new MuMisTrajectoryStudy(new() { Every = 10 });
        var run = study.Measure(context, Cancel);
        var figure = Assert.Single(study.Run(context, Cancel));
        LinePanel[] panels = [.. figure.Panels.OfType<LinePanel>()];
        Assert.Equal(3, panels.Length);
        Assert.All(panels, panel => Assert.Equal([new Mark(run.EndStep!.Value, "stop")], panel.Marks));
        var lines = panels.SelectMany(panel => panel.Lines).ToDictionary(line => line.Name);
        Assert.All(lines.Values, line => Assert.Equal(run.Points.Select(point => (double)point.Step), line.X));
        Assert.Equal(run.Points.Select(point => point.Forget), lines["forget images"].Y);
        Assert.Equal(run.Points.Select(point => point.ForgottenTest), lines["test images of what is forgotten"].Y);
        Assert.Equal(run.Points.Select(point => point.Retain), lines["retain images"].Y);
        Assert.Equal(run.Points.Select(point => point.Test), lines["test images"].Y);
        Assert.Equal(run.Points.Select(point => point.Target), lines["target logit"].Y);
        Assert.Equal(run.Points.Select(point => point.Irrelevant), lines["irrelevant logits"].Y);
        Assert.Equal(run.Points.Select(point => point.Irrelevant / run.Points[0].Irrelevant), lines["irrelevant sensitivity against its start"].Y);
        Assert.All(lines["threshold"].Y, value => Assert.Equal(0.7, value));
        int[] kept = [.. Enumerable.Range(0, 36).Where(row => row % 3 != 0)];
        Assert.All(lines["retain images, retrained"].Y, value => Assert.Equal(new Predictor(retrained, null, CPU).Of(_set, kept, Cancel).AccuracyPercent, value));
        Assert.Contains($"ended after {run.EndStep} steps", figure.Caption);
        Assert.Equal(1 + run.Points.Count, File.ReadAllLines(_folder.File("mu-mis-trajectory.csv")).Length);
    }

    [Fact]
    public void WithoutGoingOnItEndsAtTheStop()
    {
        var run = new MuMisTrajectoryStudy(new() { Every = 50, PastStop = 0 }).Measure(Context(new MuMisMethod(settings with { MaxSteps = 3 })), Cancel);
        Assert.Equal((3, false, ""), (run.EndStep, run.Converged, run.Beyond));
        Assert.Equal([0, 3], run.Points.Select(point => point.Step));
    }

    [Fact]
    public void ARunThatDivergesIsShownAsFarAsItWent()
    {
        var figure = Assert.Single(new MuMisTrajectoryStudy(new() { Every = 1 }).Run(Context(new MuMisMethod(settings with { LearningRate = 1e30 })), Cancel));
        Assert.Contains("mu-mis diverged", figure.Caption);
        Assert.All(figure.Panels.OfType<LinePanel>(), panel => Assert.Empty(panel.Marks));
    }

    [Fact]
    public void WithoutTheMethodItSaysWhatItLacks()
    {
        var study = new MuMisTrajectoryStudy(new());
        Assert.Contains("'mu-mis'", study.Lacks(Context(new RetrainMethod(Tiny.Recipe)))!);
        Assert.Null(study.Lacks(Context(new MuMisMethod(settings))));
    }

    private StudyContext Context(Lacuna.Methods.IUnlearningMethod method) => Contexts.Of(
        _set, Tiny.Bands(5), [.. Enumerable.Range(0, 12).Select(n => 3 * n)], new ForgottenClasses([0], []), _folder.Path, [new(Subject.Original, _original, null)], method);

    private static Lacuna.Methods.UnlearningTask Task(StudyContext context) => new(context.Train, context.Split, context.Draws, CPU, new Tiny.Log());
}
