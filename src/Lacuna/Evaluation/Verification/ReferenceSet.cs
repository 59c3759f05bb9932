using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Verification;

/// <summary>
/// The tensors of a reference file. Names ending in ".p", with p a parameter of the model, belong together as the quantity
/// before the dot.
/// </summary>
internal sealed class ReferenceSet : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly string _path;

    public ReferenceSet(string path, IReadOnlyList<string> parameters, Device device)
    {
        _path = path;
        var file = CheckpointReader.Read(path);
        foreach (var stored in file.Tensors) _tensors[stored.Name] = CheckpointTensors.ToTensor(stored).to(device).DetachFromDisposeScope();
        var suffixes = parameters.Select(p => "." + p).ToArray();
        foreach (var name in _tensors.Keys)
        {
            // The longest fitting name wins: "layer1.0.conv1.weight" must not be taken for "conv1.weight".
            var suffix = suffixes.Where(s => name.EndsWith(s, StringComparison.Ordinal)).MaxBy(s => s.Length);
            var quantity = suffix is null ? name : name[..^suffix.Length];
            if (!Quantities.TryGetValue(quantity, out var members)) Quantities[quantity] = members = [];
            members.Add(name);
        }
        foreach (var (quantity, members) in Quantities.Where(q => q.Value.Count > 1))
            members.Sort((a, b) => Array.IndexOf(suffixes, a[quantity.Length..]).CompareTo(Array.IndexOf(suffixes, b[quantity.Length..])));
    }

    /// <summary>Where the reference was read from.</summary>
    public string Path => _path;

    /// <summary>Quantity to the tensors that make it up, in the model's parameter order.</summary>
    public SortedDictionary<string, List<string>> Quantities { get; } = new(StringComparer.Ordinal);

    public Tensor this[string name] => _tensors.GetValueOrDefault(name)
        ?? throw new CheckpointException(_path, $"has no tensor '{name}', which is needed to recompute the others. It is not a reference file of the documented form.");

    /// <summary>The tensor whose name starts like this; its end holds numbers.</summary>
    public Tensor First(string start) =>
        this[_tensors.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => name.StartsWith(start, StringComparison.Ordinal)) ?? start + "…"];

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }
}
