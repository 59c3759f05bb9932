using Lacuna.Evaluation;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Runs;

/// <summary>
/// The measurements of the models of a split, each written as soon as it is made. The outputs of those that are measured before the oracle are kept until it comes, so that
/// their distance to it can be added without running them again.
/// </summary>
/// <param name="evaluator">Measures.</param>
/// <param name="oracleToCome">Whether a model by the oracle's name will be added; without one nothing is kept.</param>
/// <param name="write">Told the name of every model and what was measured; again with the distance to the oracle for those before it.</param>
internal sealed class SplitMeasurements(MetricsEvaluator evaluator, bool oracleToCome, Action<string, ModelMeasurement> write)
{
    private readonly List<(string Name, SplitPredictions Said, ModelMeasurement Measured)> _waiting = [];
    private SplitPredictions? _oracle;

    /// <summary>Measures a model and writes the result.</summary>
    public ModelMeasurement Add(string name, Classifier model, Tensor? vector, CancellationToken cancellation)
    {
        var (said, measured) = evaluator.PredictAndMeasure(model, vector, _oracle, cancellation);
        if (name == ResultTable.Oracle)
        {
            _oracle = said;
            measured = measured with { ToOracle = OracleDivergence.Of(said, said) };
            foreach (var (earlier, theirs, before) in _waiting) write(earlier, before with { ToOracle = OracleDivergence.Of(theirs, said) });
            _waiting.Clear();
        }
        else if (_oracle is null && oracleToCome)
        {
            _waiting.Add((name, said, measured));
        }
        write(name, measured);
        return measured;
    }
}
