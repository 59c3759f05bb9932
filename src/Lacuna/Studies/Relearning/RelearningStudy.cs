using System.Globalization;
using CsvHelper;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Studies.Relearning;

/// <summary>How fast each model learns the forget images again: one that learns them faster than the retrained model still knew something of them.</summary>
public sealed class RelearningStudy : IStudy
{
    private readonly RelearningOptions _options;

    /// <param name="options">Validated here.</param>
    public RelearningStudy(RelearningOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "relearning";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context) =>
        context.Subjects.FirstOrDefault(subject => subject.Model.TrainableParameters().Count == 0) is { } frozen
            ? $"{frozen.Name} has no weights that can be trained; give the network from before it was frozen."
            : null;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var relearner = new Relearner(_options, context);
        var start = relearner.Accuracy(context.Original.Model, context.Original.ForgetVector, cancellation);
        var target = start - _options.Margin;
        var curves = new List<RelearningCurve>();
        foreach (var subject in context.Subjects)
        {
            context.Progress.Report(new(Name, curves.Count, context.Subjects.Count, subject.Name));
            curves.Add(relearner.Run(subject, target, cancellation));
        }
        context.Progress.Report(new(Name, curves.Count, context.Subjects.Count, ""));
        Write(context, curves);
        return [Draw(context, relearner, target, curves)];
    }

    private Figure Draw(StudyContext context, Relearner relearner, double target, IReadOnlyList<RelearningCurve> curves)
    {
        static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
        var oracle = curves.FirstOrDefault(curve => curve.Model == ResultTable.Oracle);
        double longest = Math.Max(1, curves.Max(curve => curve.Accuracy.Count - 1));
        var lines = curves.Select(curve => new Line(curve.Model, [.. curve.Accuracy.Select((_, step) => (double)step)], curve.Accuracy)).ToList();
        lines.Add(new("target", [0, longest], [target, target], [], [], Dashed: true));
        var rows = curves.Select(curve => (IReadOnlyList<string>)
        [
            curve.Model, Number(curve.Accuracy[0]),
            curve.Steps is { } steps ? Number(steps) : $"> {Number(_options.MaxSteps)}",
            curve.Steps is { } of ? Number((double)of * relearner.StepImages) : $"> {Number((double)_options.MaxSteps * relearner.StepImages)}",
            curve.AnamnesisIndex(oracle, _options.MaxSteps, Number),
        ]).ToArray();
        var retain = relearner.StepImages - Math.Min(_options.BatchSize, context.Split.Forget.Length);
        var caption = string.Create(CultureInfo.InvariantCulture,
            $"Accuracy on {relearner.MeasuredImages} forget images while each model is trained on the forget images again with one recipe: SGD, learning rate {_options.LearningRate}, momentum {_options.Momentum}, {relearner.StepImages} images a step, {retain} of them retain images, the same for all. ")
            + string.Create(CultureInfo.InvariantCulture,
            $"A curve ends where it reaches the target, {_options.Margin} points below the original's accuracy, or after {_options.MaxSteps} steps, the cap. The anamnesis index is a model's steps over the retrained model's: near 1 it remembers nothing, below 1 it remembers something, far above 1 it resists, which gives the forgetting away. ")
            + "Where the cap came first it is a bound; it is left empty where the retrained model stands at the target from the start, or where both met the cap. With a forget vector the vector stays added to every image.";
        return new("relearning", "How fast it is learned again", caption, "Relearn time: Golatkar et al. 2020 (arXiv 1911.04933); anamnesis index: Chundawat et al. 2023 (arXiv 2201.05629)",
        [
            new LinePanel("Forget accuracy while learning again", new("steps"), new("accuracy on forget images (%)", Minimum: 0, Maximum: 100), lines, []),
            new TablePanel("Until the target", ["model", "accuracy at the start (%)", "steps", "images", "anamnesis index"], rows),
        ]);
    }

    private static void Write(StudyContext context, IEnumerable<RelearningCurve> curves)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
            csv.WriteRecords(curves.SelectMany(curve => curve.Accuracy.Select((accuracy, step) => new { model = curve.Model, step, forget_accuracy_percent = accuracy })));
        AtomicFile.WriteAllText(Path.Combine(context.Folder, "relearning.csv"), text.ToString());
    }
}
