using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Methods;
using Lacuna.Methods.Retrain;
using Lacuna.Models.TorchScript;
using Lacuna.Runs;

namespace Lacuna.Studies.Sequence;

/// <summary>
/// Several requests met one after another by every method, each from what the request before left, with all earlier ones measured again at every step
/// (Cheng et al. 2024, arXiv 2402.15109, figures 5 to 7). The oracle is trained anew at every step without all that was forgotten so far.
/// </summary>
public sealed class SequenceStudy : IStudy
{
    private readonly SequenceOptions _options;

    /// <param name="options">Validated here.</param>
    public SequenceStudy(SequenceOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "sequence";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Methods.Count == 0) return "There is no method to repeat. Add one.";
        try
        {
            return SequenceRequests.Of(context, _options).Count < 2 ? $"{context.Train.Name} does not suffice for two requests like {context.Split.Spec}. Name them, or forget less at once." : null;
        }
        catch (Exception e) when (e is ForgetSetException or DataFileException)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var requests = SequenceRequests.Of(context, _options);
        requests[^1].Save(Path.Combine(context.Folder, "sequence-split"));
        var measure = new SequenceMeasure(context.Train, context.Test, requests, context.Compute, cancellation);
        var start = measure.Of(0, context.Original.Model, context.Original.ForgetVector, 0, "");
        var courses = MethodsOf(context).Select(method => Follow(method, requests, start, measure, context, cancellation)).ToArray();
        return [new SequenceFigure(context, requests, courses).Make()];
    }

    /// <summary>The oracle first: it is trained by the recipe of the original where no method is it.</summary>
    private static IReadOnlyList<IUnlearningMethod> MethodsOf(StudyContext context)
    {
        var others = context.Methods.Where(method => method.Name != ResultTable.Oracle);
        var oracle = context.Methods.FirstOrDefault(method => method.Name == ResultTable.Oracle);
        // What a TorchScript module's weights started from is not known, so that it cannot be trained anew.
        if (oracle is null && context.Original.Model is not ScriptedClassifier) oracle = new RetrainMethod(context.Recipe);
        return oracle is null ? [.. others] : [oracle, .. others];
    }

    private static SequenceCourse Follow(IUnlearningMethod method, IReadOnlyList<ForgetSplit> requests, SequenceStep start, SequenceMeasure measure, StudyContext context, CancellationToken cancellation)
    {
        var steps = new List<SequenceStep> { start };
        UnlearningOutcome? last = null;
        string? failure = null;
        try
        {
            for (var step = 1; step <= requests.Count; step++)
            {
                if (failure is not null)
                {
                    steps.Add(measure.Nothing(step, ""));
                    continue;
                }
                var began = context.Clock.GetTimestamp();
                var task = new UnlearningTask(context.Train, requests[step - 1], context.Draws, context.Compute, new StageProgress($"sequence, {method.Name}, request {step} of {requests.Count}", context.Progress))
                {
                    EarlierVector = last is null ? context.Original.ForgetVector : last.ForgetVector,
                };
                try
                {
                    var outcome = method.Run(last?.Model ?? context.Original.Model, task, cancellation);
                    last?.Dispose();
                    last = outcome;
                    steps.Add(measure.Of(step, outcome.Model, outcome.ForgetVector, context.Clock.GetElapsedTime(began).TotalSeconds, outcome.StopReason));
                }
                catch (Exception e) when (e is DivergedException or ArgumentException)
                {
                    failure = e.Message;
                    steps.Add(measure.Nothing(step, e.Message));
                }
            }
        }
        finally
        {
            last?.Dispose();
        }
        return new(method.Name, steps, failure);
    }
}
