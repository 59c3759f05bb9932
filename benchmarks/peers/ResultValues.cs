using Lacuna.Benchmarks.Steps;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Peers;

/// <summary>Results of a side, by name, in float64 on the CPU.</summary>
internal sealed class ResultValues : IDisposable
{
    private const string StepsTaken = "steps";

    private readonly Dictionary<string, Tensor> _values;

    /// <param name="results">Of ours, which are disposed of.</param>
    public ResultValues(IReadOnlyDictionary<string, Tensor> results)
    {
        _values = results.ToDictionary(result => result.Key, result => result.Value.cpu().to(ScalarType.Float64).clone());
        foreach (var result in results.Values) result.Dispose();
    }

    /// <param name="side">Whose last run is meant.</param>
    /// <param name="file">For the way from there to here.</param>
    public ResultValues(PythonSide side, string file)
    {
        side.Ask(new { @do = "save", file });
        _values = SafetensorsFile.Read(file).Tensors.ToDictionary(stored => stored.Name, stored => CheckpointTensors.ToTensor(stored).to(ScalarType.Float64));
    }

    /// <summary>How many steps a whole method took; null for a step.</summary>
    public double? Steps => _values.TryGetValue(StepsTaken, out var steps) ? steps.item<double>() : null;

    /// <summary>Norm of the difference over the norm of the yardstick's.</summary>
    public double OffFrom(ResultValues yardstick)
    {
        var missing = _values.Keys.Except(yardstick._values.Keys).Concat(yardstick._values.Keys.Except(_values.Keys)).ToArray();
        if (missing.Length > 0) throw new InvalidOperationException($"The sides do not compute the same things: one lacks {string.Join(", ", missing)}.");
        using var scope = NewDisposeScope();
        double difference = 0, norm = 0;
        foreach (var (name, value) in _values.Where(each => each.Key != StepsTaken))
        {
            difference += (value - yardstick._values[name]).square().sum().item<double>();
            norm += yardstick._values[name].square().sum().item<double>();
        }
        return Math.Sqrt(difference / norm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values.Values) value.Dispose();
    }
}
