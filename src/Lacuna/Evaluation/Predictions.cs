namespace Lacuna.Evaluation;

/// <summary>What a model says of some images: all that the accuracies and the membership attack need.</summary>
/// <param name="Labels">True label of every image.</param>
/// <param name="Predicted">Class with the largest logit.</param>
/// <param name="LabelConfidence">Softmax probability of the true label.</param>
public sealed record Predictions(IReadOnlyList<int> Labels, IReadOnlyList<int> Predicted, IReadOnlyList<double> LabelConfidence)
{
    /// <summary>Images.</summary>
    public int Count => Labels.Count;

    /// <summary>Share of images whose label is predicted, in percent; NaN when there is none.</summary>
    public double AccuracyPercent
    {
        get
        {
            if (Count == 0) return double.NaN;
            var right = 0;
            for (var i = 0; i < Count; i++)
            {
                if (Labels[i] == Predicted[i]) right++;
            }
            return 100.0 * right / Count;
        }
    }
}
