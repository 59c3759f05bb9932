using System.Globalization;

namespace Lacuna.Models.Checkpoints;

/// <summary>The state dict inside what a pickle held: the tensors by name, and the plain values beside them.</summary>
internal sealed class StateDict
{
    private const int MostDepth = 4;
    private const int MostMarks = 4;
    private const int MostNameLength = 500;
    private const int MostTensors = 100_000;

    // Beyond the file's own size, what strided views may grow by when they are laid out.
    private const long ViewAllowance = 16 << 20;

    // What training scripts call it; averaged weights only where there are no others.
    private static readonly string[] Wrappers =
        ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "net_state_dict", "weights", "params", "classifier", "checkpoint", "model_ema", "state_dict_ema", "ema_state_dict", "ema"];

    // What wraps a network marks its names with: DataParallel, and torch.compile.
    private static readonly string[] WrapperMarks = ["module.", "_orig_mod."];

    // Beside the network in AveragedModel, with which module. would not be on every name.
    private const string AverageCounter = "n_averaged";

    // Dicts whose tensors are no weights.
    private static readonly string[] NotWeights = ["optim", "sched", "scaler", "rng"];

    private readonly string _path;
    private readonly List<(string Name, TorchTensor Tensor)> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    private StateDict(string path) => _path = path;

    /// <summary>The storages the tensors lie in, each once.</summary>
    public IEnumerable<TorchStorage> Storages => _tensors.Select(item => item.Tensor.Storage).Distinct();

    /// <summary>Finds the state dict: the top itself, or under one of the names that training scripts give it, nested or not, or the only dict of tensors there is;
    /// the optimiser's state beside it is left out. <c>module.</c> and <c>_orig_mod.</c>, the marks of DataParallel and of torch.compile, are taken off when all names have them.</summary>
    /// <exception cref="CheckpointException">There is none, or a name occurs twice.</exception>
    public static StateDict Find(object? top, string path)
    {
        if (top is not PickleDict dict)
        {
            throw new CheckpointException(path, $"holds {Describe(top)}, not a dict of tensors. Save the state dict: torch.save(model.state_dict(), file).");
        }
        var found = new StateDict(path);
        PickleDict inner = found.Search(dict, []) ?? throw found.NoneFound(dict);
        found.AddMetadata(dict);
        found.AddMetadata(inner);
        found.AddTensors(inner);
        found.StripMarks();
        return found;
    }

    /// <summary>Adds what stood elsewhere in the file.</summary>
    public void AddMetadata(string key, string value) => _metadata[key] = value;

    /// <summary>Lays every tensor out contiguously. Those that already are share their storage's bytes.</summary>
    public CheckpointFile Load(IReadOnlyDictionary<TorchStorage, byte[]> storages, long fileLength, CheckpointFormat format)
    {
        long left = fileLength + ViewAllowance;
        var tensors = new CheckpointTensor[_tensors.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            (string name, TorchTensor tensor) = _tensors[i];
            var view = new StridedView(tensor);
            ReadOnlyMemory<byte> bytes;
            if (view.IsContiguous)
            {
                bytes = view.Slice(storages[tensor.Storage]);
            }
            else if (view.ByteLength <= left && view.ByteLength <= Array.MaxLength)
            {
                left -= view.ByteLength;
                bytes = view.Copy(storages[tensor.Storage]);
            }
            else
            {
                throw new CheckpointException(_path, $"'{name}' is a view of [{string.Join(", ", view.Shape)}] that repeats the same elements, and is far larger than the file. Save it as it is meant: tensor.contiguous().");
            }
            BoolBytes.Check(tensor.Storage.Type, bytes.Span, _path, name);
            tensors[i] = new CheckpointTensor(name, tensor.Storage.Type, view.Shape, bytes);
        }
        return new CheckpointFile(tensors, _metadata, format);
    }

    private void AddTensors(PickleDict dict)
    {
        var names = new HashSet<string>();
        foreach ((object key, object? value) in dict.Items)
        {
            if (value is not TorchTensor tensor)
            {
                continue;
            }
            if (key is not string name)
            {
                throw new CheckpointException(_path, $"a tensor has the key {Describe(key)}; a state dict names its tensors. Save the state dict: torch.save(model.state_dict(), file).");
            }
            if (name.Length > MostNameLength)
            {
                throw new CheckpointException(_path, $"a tensor's name '{Shorten(name)}…' has {name.Length} letters; at most {MostNameLength} are read. The file is damaged: save it again.");
            }
            if (!names.Add(name) || names.Count > MostTensors)
            {
                throw new CheckpointException(_path, $"the tensor '{name}' occurs twice, or is one of more than {MostTensors}. The file is damaged: save it again.");
            }
            _tensors.Add((name, tensor));
        }
    }

    private void AddMetadata(PickleDict dict)
    {
        foreach ((object key, object? value) in dict.Items)
        {
            if (key is string { Length: <= MostNameLength } name && Text(value) is { } text)
            {
                _metadata[name] = text;
            }
        }
    }

    // A dict may hold itself: each is looked into once.
    private PickleDict? Search(PickleDict dict, HashSet<PickleDict> seen)
    {
        if (seen.Count > MostDepth || !seen.Add(dict))
        {
            return null;
        }
        PickleDict[] named = [.. Wrappers.Select(dict.Find).OfType<PickleDict>()];
        PickleDict[] others = [.. dict.Items.Where(item => item.Key is string { Length: <= MostNameLength } key && !NotWeights.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Select(item => item.Value).OfType<PickleDict>().Where(inner => inner.HoldsTensors).Distinct().Take(2)];
        return Array.Find(named, inner => inner.HoldsTensors)
            ?? (dict.HoldsTensors ? dict : null)
            ?? named.Select(inner => Search(inner, seen)).FirstOrDefault(inner => inner is not null)
            ?? (others.Length == 1 ? others[0] : null);
    }

    private CheckpointException NoneFound(PickleDict top)
    {
        string[] several = [.. top.Items.Where(item => item.Key is string && item.Value is PickleDict { HoldsTensors: true }).Take(10).Select(item => $"'{Shorten((string)item.Key)}'")];
        return new CheckpointException(_path, several.Length > 0
            ? $"has tensors in the dicts {string.Join(", ", several)}, of which none is known to be the network's. Save the one that is meant: torch.save(torch.load(file)[name], other)."
            : $"no tensors lie at the top or under {string.Join(", ", Wrappers)}; the top has {DescribeKeys(top)}. Save the state dict: torch.save(model.state_dict(), file).");
    }

    private void StripMarks()
    {
        if (_tensors.Count > 1)
        {
            _tensors.RemoveAll(item => item.Name == AverageCounter);
        }
        for (int taken = 0; taken < MostMarks && Array.Find(WrapperMarks, mark => _tensors.TrueForAll(item => item.Name.Length > mark.Length && item.Name.StartsWith(mark, StringComparison.Ordinal))) is { } mark; taken++)
        {
            for (int i = 0; i < _tensors.Count; i++)
            {
                _tensors[i] = (_tensors[i].Name[mark.Length..], _tensors[i].Tensor);
            }
        }
    }

    private static string? Text(object? value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Describe(object? value) => value switch
    {
        null => "None",
        TorchTensor => "a single tensor",
        PickleList => "a list",
        object?[] => "a tuple",
        string => "a text",
        _ => "a " + value.GetType().Name,
    };

    private static string DescribeKeys(PickleDict dict) => dict.Items.Count == 0
        ? "no keys"
        : "the keys " + string.Join(", ", dict.Items.Take(10).Select(item => item.Key is string name ? Shorten(name) : Text(item.Key)));

    private static string Shorten(string name) => name.Length > 60 ? name[..60] : name;
}
