using System.Globalization;

namespace Lacuna.Models.Checkpoints;

/// <summary>The state dict inside what a pickle held: the tensors by name, and the plain values beside them.</summary>
internal sealed class StateDict
{
    private const string ParallelPrefix = "module.";
    private const int MostTensors = 100_000;

    // Beyond the file's own size, what strided views may grow by when they are laid out.
    private const long ViewAllowance = 16 << 20;

    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "net"];

    private readonly string _path;
    private readonly List<(string Name, TorchTensor Tensor)> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    private StateDict(string path) => _path = path;

    /// <summary>The storages the tensors lie in, each once.</summary>
    public IEnumerable<TorchStorage> Storages => _tensors.Select(item => item.Tensor.Storage).Distinct();

    /// <summary>Finds the state dict: the top itself, or under one of the names that training scripts give it; the optimiser's state beside it is
    /// left out. <c>module.</c>, the mark of DataParallel, is taken off when all names have it.</summary>
    /// <exception cref="CheckpointException">There is none, or a name occurs twice.</exception>
    public static StateDict Find(object? top, string path)
    {
        if (top is not PickleDict dict)
        {
            throw new CheckpointException(path, $"holds {Describe(top)}, not a dict of tensors. Save the state dict: torch.save(model.state_dict(), file).");
        }
        var found = new StateDict(path);
        PickleDict? inner = Wrappers.Select(dict.Find).OfType<PickleDict>().FirstOrDefault(HoldsTensors);
        if (inner is null && !HoldsTensors(dict))
        {
            throw new CheckpointException(path, $"no tensors lie at the top or under {string.Join(", ", Wrappers)}; the top has {DescribeKeys(dict)}. Save the state dict: torch.save(model.state_dict(), file).");
        }
        found.AddMetadata(dict);
        if (inner is not null)
        {
            found.AddMetadata(inner);
        }
        found.AddTensors(inner ?? dict);
        found.StripPrefix();
        return found;
    }

    /// <summary>Lays every tensor out contiguously. Those that already are share their storage's bytes.</summary>
    public CheckpointFile Load(IReadOnlyDictionary<TorchStorage, byte[]> storages, long fileLength)
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
        return new CheckpointFile(tensors, _metadata);
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
            if (key is string name && Text(value) is { } text)
            {
                _metadata[name] = text;
            }
        }
    }

    private void StripPrefix()
    {
        if (_tensors.TrueForAll(item => item.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal)))
        {
            for (int i = 0; i < _tensors.Count; i++)
            {
                _tensors[i] = (_tensors[i].Name[ParallelPrefix.Length..], _tensors[i].Tensor);
            }
        }
    }

    private static bool HoldsTensors(PickleDict dict) => dict.Items.Exists(item => item.Value is TorchTensor);

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
        : "the keys " + string.Join(", ", dict.Items.Take(10).Select(item => item.Key is string { Length: > 60 } name ? name[..60] : Text(item.Key)));
}
