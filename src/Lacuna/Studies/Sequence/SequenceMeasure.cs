using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Studies.Sequence;

/// <summary>Measures a model after any number of requests: one forward pass over the training and one over the test images.</summary>
internal sealed class SequenceMeasure(ImageSet train, ImageSet test, IReadOnlyList<ForgetSplit> requests, Compute compute, CancellationToken cancellation)
{
    private readonly int[] _trainRows = [.. Enumerable.Range(0, train.Count)];
    private readonly int[] _testRows = [.. Enumerable.Range(0, test.Count)];

    /// <summary>The figures after <paramref name="step"/> requests.</summary>
    public SequenceStep Of(int step, Classifier model, Tensor? vector, double seconds, string ended)
    {
        var predictor = new Predictor(model, vector, compute);
        var onTrain = Right(predictor.Of(train, _trainRows, cancellation));
        var onTest = Right(predictor.Of(test, _testRows, cancellation));
        int[] retain = step == 0 ? _trainRows : requests[step - 1].Retain.ToArray();
        int[] kept = step == 0 ? _testRows : requests[step - 1].DivideTest(test).Retain;
        return new(step, [.. requests.Select(request => Percent(onTrain, request.Forget))], Percent(onTrain, retain), Percent(onTest, kept), seconds, ended);
    }

    /// <summary>A step of which nothing is known.</summary>
    public SequenceStep Nothing(int step, string why) => new(step, [.. requests.Select(_ => double.NaN)], double.NaN, double.NaN, double.NaN, why);

    private static bool[] Right(Predictions predictions) => [.. predictions.Labels.Zip(predictions.Predicted, (label, predicted) => label == predicted)];

    private static double Percent(bool[] right, ReadOnlySpan<int> rows)
    {
        var count = 0;
        foreach (var row in rows)
        {
            if (right[row]) count++;
        }
        return rows.Length == 0 ? double.NaN : 100.0 * count / rows.Length;
    }
}
