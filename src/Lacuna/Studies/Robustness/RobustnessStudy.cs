using Lacuna.Evaluation;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Figures;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Studies.Robustness;

/// <summary>Whether a model is still unlearned, and still of use, when the images it is shown are shifted: noise, elastic transformations, an attack.</summary>
public sealed class RobustnessStudy : IStudy
{
    private readonly RobustnessOptions _options;

    /// <param name="options">Validated here.</param>
    public RobustnessStudy(RobustnessOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "robustness";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Subjects.All(subject => subject.Name != Subject.Original)) return "Robustness is measured against the original model, whose adversarial images the others are shown. Add it.";
        if (context.Split.Forget.Length == 0) return "The forget set is empty: there is nothing whose unlearning could be robust. Choose images to forget.";
        if (context.Split.Retain.Length == 0) return "No image is retained, and the membership attack needs some. Forget fewer.";
        if (_options.Elastic.Count > 0 && Math.Min(context.Train.Height, context.Train.Width) < ElasticTransform.LeastSide)
            return $"Images of {context.Train.Height}x{context.Train.Width} pixels are too small for elastic transformations. Leave them out.";
        return context.Split.DivideTest(context.Test).Retain.Length == 0 ? "No test image is of a retained class, and the membership attack needs some. Add test images." : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var retain = RetainRows(context);
        var shifts = Shifts(context);
        var evaluation = new ShiftedEvaluation(context, retain, _options.BatchSize);
        var measured = new List<UnlearningMetrics[]>();
        var (done, total) = (0, shifts.Count * evaluation.Batches);
        foreach (var shift in shifts)
            measured.Add(evaluation.Measure(shift, () => context.Progress.Report(new(Name, ++done, total, shift.Name)), cancellation));
        var picture = _options.ShownImages == 0 || context.Train.Channels is not (1 or 3) ? null : ShiftPictures.Write(context, Shown(shifts), _options.ShownImages, cancellation);
        return [new RobustnessFigure(context, _options, retain.Length).Of([.. shifts.Select(shift => shift.Name)], measured, picture)];
    }

    /// <summary>White-box attacks look like the one on the original; they are shown where there is no other.</summary>
    private static List<Shift> Shown(List<Shift> shifts) => shifts.Any(shift => shift is AttackShift { SameForAll: true }) ? shifts.FindAll(shift => shift.SameForAll) : shifts;

    private int[] RetainRows(StudyContext context)
    {
        var all = context.Split.Retain.ToArray();
        if (_options.RetainImages == 0 || _options.RetainImages >= all.Length) return all;
        return Array.ConvertAll(context.Draws.Choose(_options.RetainImages, all.Length, DrawPurpose.RobustnessSample, 0), i => all[i]);
    }

    private List<Shift> Shifts(StudyContext context)
    {
        List<Shift> shifts = [new CleanShift()];
        shifts.AddRange(_options.Noise.Select(deviation => new CorruptionShift(new GaussianNoise(deviation), context.Draws)));
        shifts.AddRange(_options.Elastic.Select(elastic => new CorruptionShift(elastic, context.Draws)));
        if (_options.Attack is not { } attack) return shifts;
        if (_options.AttackedModel is AttackedModel.Original or AttackedModel.Both) shifts.Add(new AttackShift(attack, context.Original, context.Compute.Kernels));
        if (_options.AttackedModel is AttackedModel.EachSubject or AttackedModel.Both) shifts.Add(new AttackShift(attack, null, context.Compute.Kernels));
        return shifts;
    }
}
