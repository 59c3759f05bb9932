using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>Measures all subjects under a shift. Shifted images live for one batch, in which every subject is shown them.</summary>
internal sealed class ShiftedEvaluation(StudyContext context, int[] retain, int batchSize)
{
    private readonly int[] _test = context.Split.DivideTest(context.Test).Retain;

    /// <summary>Batches that one shift takes.</summary>
    public int Batches => new[] { context.Split.Forget.Length, retain.Length, _test.Length }.Sum(count => (count + batchSize - 1) / batchSize);

    /// <summary>The four figures of every subject, in their order.</summary>
    /// <param name="shift">What is done to all three sets.</param>
    /// <param name="batchDone">Called after every batch.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    public UnlearningMetrics[] Measure(Shift shift, Action batchDone, CancellationToken cancellation)
    {
        var onForget = Predict(shift, context.Train, context.Split.Forget.ToArray(), Shift.TrainPart, batchDone, cancellation);
        var onRetain = Predict(shift, context.Train, retain, Shift.TrainPart, batchDone, cancellation);
        var onTest = Predict(shift, context.Test, _test, Shift.TestPart, batchDone, cancellation);
        return [.. context.Subjects.Select((_, s) => UnlearningMetrics.Of(onForget[s], onRetain[s], onTest[s], context.Draws))];
    }

    private Predictions[] Predict(Shift shift, ImageSet set, int[] rows, int part, Action batchDone, CancellationToken cancellation)
    {
        var builders = context.Subjects.Select(subject => new PredictionsBuilder(context.Compute.Kernels, rows.Length, subject.Model.Options.Classes)).ToArray();
        foreach (var batch in new BatchSource(set, rows, context.Compute).InOrder(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using (batch)
            {
                var labels = batch.Rows.Select(row => set.Labels.Span[row]).ToArray();
                var shared = shift.SameForAll ? shift.Of(batch, part, context.Original, cancellation) : null;
                for (var s = 0; s < builders.Length; s++)
                {
                    var subject = context.Subjects[s];
                    var images = shared ?? shift.Of(batch, part, subject, cancellation);
                    using var frozen = new FrozenWeights(subject.Model);
                    using var _ = no_grad();
                    builders[s].Add(subject.Model.call(subject.Shown(images, context.Compute.Kernels)), batch.Labels, labels);
                }
            }
            batchDone();
        }
        return [.. builders.Select(builder => builder.Build())];
    }
}
