using System.Globalization;
using System.Text;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Figures;

namespace Lacuna.Studies.Membership;

/// <summary>All membership attacks that need one model only, on every model, with curves, verdicts and histograms.</summary>
public sealed class MembershipStudy : IStudy
{
    private readonly MembershipOptions _options;

    /// <param name="options">How it is drawn.</param>
    public MembershipStudy(MembershipOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "membership";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Split.Retain.IsEmpty || context.Split.Forget.IsEmpty) return "membership attacks take retain and forget images; this split lacks one of them.";
        return context.Split.DivideTest(context.Test).Retain.Length == 0
            ? "membership attacks learn from test images of the classes that are kept, and there is none. Forget fewer classes, or give a test set that has the others." : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        if (Lacks(context) is { } lack) throw new ArgumentException(lack);
        var (testForget, testRetain) = context.Split.DivideTest(context.Test);
        var attacked = new List<AttackedSubject>();
        foreach (var subject in context.Subjects)
        {
            context.Progress.Report(new("membership", attacked.Count, context.Subjects.Count, subject.Name));
            var predictor = new Predictor(subject.Model, subject.ForgetVector, context.Compute);
            var forget = predictor.Of(context.Train, context.Split.Forget, cancellation);
            var retain = predictor.Of(context.Train, context.Split.Retain, cancellation);
            var test = predictor.Of(context.Test, testRetain, cancellation);
            var forgetTest = context.Split.Whole.IsNone ? null : predictor.Of(context.Test, testForget, cancellation);
            attacked.Add(new(subject.Name, retain, forget, forgetTest ?? PredictionRows.OfTheClassesOf(forget, test), MembershipAttacks.Run(retain, test, forget, forgetTest, context.Draws)));
        }
        context.Progress.Report(new("membership", attacked.Count, context.Subjects.Count, ""));
        AtomicFile.WriteAllText(Path.Combine(context.Folder, "membership.csv"), Csv(attacked));
        return [MembershipFigure.Of(attacked, _options.Bins, !context.Split.Whole.IsNone)];
    }

    private static string Csv(IEnumerable<AttackedSubject> attacked)
    {
        var text = new StringBuilder("model,images,position,label,predicted,confidence,entropy,modified_entropy\n");
        foreach (var subject in attacked)
        {
            foreach (var (name, images) in (ReadOnlySpan<(string, Predictions)>)[("forget", subject.Forget), ("unseen", subject.Unseen)])
            {
                for (var i = 0; i < images.Count; i++)
                    text.Append(CultureInfo.InvariantCulture, $"{subject.Name},{name},{i},{images.Labels[i]},{images.Predicted[i]},{images.LabelConfidence[i]:R},{images.Entropy[i]:R},{images.ModifiedEntropy[i]:R}\n");
            }
        }
        return text.ToString();
    }
}
