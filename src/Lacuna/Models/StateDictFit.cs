using System.Text;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Models;

/// <summary>How the tensors of a file and those of a network go together, by name and shape.</summary>
public sealed class StateDictFit
{
    // Comparisons of names cost their lengths' product; a file that shares no name with the network needs none.
    private const int MostNameComparisons = 250_000;

    private readonly List<(string Name, long[] Shape)> _missing = [];
    private readonly List<(string Name, long[] InFile, long[] InModel)> _misshapen = [];
    private readonly List<(string Name, long[] Shape)> _unexpected;

    /// <summary>Compares.</summary>
    /// <param name="network">The network's tensors.</param>
    /// <param name="file">The file's.</param>
    public StateDictFit(IReadOnlyList<(string Name, long[] Shape)> network, CheckpointFile file)
    {
        foreach (var (name, shape) in network)
        {
            if (file.Find(name) is not { } stored)
            {
                // Counters of batches seen are not used in prediction and are missing from files made before PyTorch 0.4.1.
                if (!name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) _missing.Add((name, shape));
            }
            else if (!stored.Shape.AsSpan().SequenceEqual(shape))
            {
                _misshapen.Add((name, stored.Shape, shape));
            }
            else
            {
                Matching++;
            }
        }
        HashSet<string> names = [.. network.Select(item => item.Name)];
        _unexpected = [.. file.Tensors.Where(tensor => !names.Contains(tensor.Name)).Select(tensor => (tensor.Name, tensor.Shape))];
    }

    /// <summary>Whether every tensor has its place and its shape.</summary>
    public bool Fits => Missing + Misshapen + Unexpected == 0;

    /// <summary>Tensors of name and shape in common.</summary>
    public int Matching { get; }

    /// <summary>Tensors that the file lacks.</summary>
    public int Missing => _missing.Count;

    /// <summary>Tensors of another shape.</summary>
    public int Misshapen => _misshapen.Count;

    /// <summary>Tensors that the network lacks.</summary>
    public int Unexpected => _unexpected.Count;

    /// <summary>All that does not fit, a line each, with the nearest name where one is near; empty when all fits.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        var nearest = new NearestNames(_missing, _unexpected, MostNameComparisons);
        foreach (var (name, shape) in _missing) text.Append($"\n  missing: {name} [{string.Join(", ", shape)}]").Append(nearest.ToMissing(name) is { } near ? $"; the file has {near}" : "");
        foreach (var (name, inFile, inModel) in _misshapen) text.Append($"\n  shape: {name} is [{string.Join(", ", inFile)}] in the file, [{string.Join(", ", inModel)}] in the model");
        foreach (var (name, shape) in _unexpected) text.Append($"\n  unexpected: {name} [{string.Join(", ", shape)}]").Append(nearest.ToUnexpected(name) is { } near ? $"; the model has {near}" : "");
        return text.ToString();
    }
}
