namespace Lacuna.Evaluation;

/// <summary>What a model says of some images, from one forward pass: all that the metrics of a single model need.</summary>
public sealed record Predictions
{
    /// <summary>True label of every image.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Class with the largest logit; the first of them when several are equal.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>Softmax probability of the true label.</summary>
    public required IReadOnlyList<double> LabelConfidence { get; init; }

    /// <summary>Entropy of the softmax, in nats.</summary>
    public required IReadOnlyList<double> Entropy { get; init; }

    /// <summary>Modified entropy, in nats (see <see cref="MembershipFeatures.ModifiedEntropy"/>).</summary>
    public required IReadOnlyList<double> ModifiedEntropy { get; init; }

    /// <summary>Logits [N, K], row by row.</summary>
    public required ReadOnlyMemory<float> Logits { get; init; }

    /// <summary>Images.</summary>
    public int Count => Labels.Count;

    /// <summary>Classes, K; 0 when there is no image.</summary>
    public int Classes => Count == 0 ? 0 : Logits.Length / Count;

    /// <summary>Logits of one image, [K].</summary>
    public ReadOnlySpan<float> LogitsOf(int image) => Logits.Span.Slice(image * Classes, Classes);

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
