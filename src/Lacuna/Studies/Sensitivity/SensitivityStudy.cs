using Lacuna.Data;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Figures;
using Lacuna.Models;
using Lacuna.Numerics;

namespace Lacuna.Studies.Sensitivity;

/// <summary>
/// How sensitive target and irrelevant logits are to training images, before and after training, and under the retrained and the unlearned networks
/// (Cheng et al. 2024, arXiv 2402.15109: the observation that MU-Mis starts from).
/// </summary>
public sealed class SensitivityStudy : IStudy
{
    private readonly SensitivityOptions _options;

    /// <param name="options">Validated here.</param>
    public SensitivityStudy(SensitivityOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "sensitivity";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context) => context.Original.Model.Options.Classes < 2
        ? "Input sensitivity compares the target's logit with the others, and this network has one class only; give a network of two classes or more."
        : null;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation) => Report(context, Measure(context, cancellation));

    /// <summary>Writes the values per sample, sensitivity.csv, into the context's folder, and makes the figure.</summary>
    public IReadOnlyList<Figure> Report(StudyContext context, SensitivityFindings findings)
    {
        SensitivityCsv.Write(Path.Combine(context.Folder, Name + ".csv"), findings, context.Train);
        return [SensitivityFigure.Of(findings)];
    }

    /// <summary>
    /// The numbers alone. The network before training is a subject named <see cref="SensitivityFindings.Untrained"/>, else a fresh one drawn from the run's seed, which is
    /// the one that training with this seed began from; of TorchScript no fresh one can be made, and there is none then.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public SensitivityFindings Measure(StudyContext context, CancellationToken cancellation)
    {
        var forget = RowSample.Of(context.Split.Forget, _options.Images, context.Draws, DrawPurpose.SensitivitySample, part: 0);
        var retain = RowSample.Of(context.Split.Retain, _options.Images, context.Draws, DrawPurpose.SensitivitySample, part: 1);
        var given = context.Subjects.FirstOrDefault(subject => subject.Name == SensitivityFindings.Untrained);
        using var fresh = given is null ? Fresh(context) : null;
        Subject[] subjects =
        [
            .. given is not null ? [given] : fresh is not null ? [new Subject(SensitivityFindings.Untrained, fresh, null)] : Array.Empty<Subject>(),
            .. context.Subjects.Where(subject => subject != given),
        ];
        var measured = new List<SubjectSensitivity>();
        foreach (var subject in subjects)
        {
            context.Progress.Report(new(Name, measured.Count, subjects.Length, subject.Name));
            var meter = new SensitivityMeter(subject.Model, subject.ForgetVector, context.Compute, context.Draws, _options.IrrelevantLogits, _options.BatchSize);
            measured.Add(new(subject.Name, meter.Of(context.Train, forget, cancellation), meter.Of(context.Train, retain, cancellation)));
        }
        context.Progress.Report(new(Name, subjects.Length, subjects.Length, ""));
        return new(measured);
    }

    private static StagedClassifier? Fresh(StudyContext context)
    {
        var original = context.Original.Model;
        if (ModelZoo.Entries.All(entry => entry.Name != original.Architecture)) return null;
        var model = ModelZoo.Create(original.Architecture, original.Options, context.Draws.Seed);
        model.to(context.Compute.Device);
        return model;
    }
}
