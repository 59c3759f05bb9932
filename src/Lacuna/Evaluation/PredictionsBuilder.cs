using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Collects predictions batch by batch.</summary>
internal sealed class PredictionsBuilder(TensorKernels kernels, int count, int classes)
{
    private readonly List<int> _labels = new(count);
    private readonly List<int> _predicted = new(count);
    private readonly List<double> _confidence = new(count);
    private readonly List<double> _entropy = new(count);
    private readonly List<double> _modified = new(count);
    private readonly float[] _logits = new float[(long)count * classes];

    /// <summary>Takes a batch of logits [B, K] with its labels [B], on the device and as numbers.</summary>
    public void Add(Tensor logits, Tensor labels, IEnumerable<int> labelNumbers)
    {
        using var scope = NewDisposeScope();
        var scores = kernels.ScoreMembership(logits, labels);
        var done = _labels.Count;
        _labels.AddRange(labelNumbers);
        _predicted.AddRange(logits.argmax(1).cpu().data<long>().ToArray().Select(c => (int)c));
        _confidence.AddRange(Doubles(scores.Confidence));
        _entropy.AddRange(Doubles(scores.Entropy));
        _modified.AddRange(Doubles(scores.ModifiedEntropy));
        logits.cpu().contiguous().data<float>().ToArray().CopyTo(_logits, done * classes);
    }

    /// <summary>What was taken so far.</summary>
    public Predictions Build() =>
        new() { Labels = _labels, Predicted = _predicted, LabelConfidence = _confidence, Entropy = _entropy, ModifiedEntropy = _modified, Logits = _logits };

    private static double[] Doubles(Tensor values) => values.cpu().to(ScalarType.Float64).data<double>().ToArray();
}
