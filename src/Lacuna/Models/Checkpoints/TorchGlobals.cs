namespace Lacuna.Models.Checkpoints;

/// <summary>The names a pickled state dict may mention, and what calling them yields: descriptions of tensors, checked but not loaded.</summary>
/// <param name="path">For messages.</param>
/// <param name="fileLength">No storage can be longer.</param>
internal sealed class TorchGlobals(string path, long fileLength) : IPickleGlobals
{
    // libtorch itself allows 64; networks have at most 5.
    private const int MostDimensions = 16;

    private const string Namespace = "argparse.Namespace";

    private static readonly Dictionary<string, PickleGlobal> Allowed = NumpyValues.Globals.Concat(
    [
        new("collections.OrderedDict", PickleGlobalKind.Dict),
        new("torch.Size", PickleGlobalKind.Size),
        new("torch._utils._rebuild_tensor", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensorV2),
        new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter),
        new("torch._utils._rebuild_parameter_with_state", PickleGlobalKind.RebuildParameter),
        new("torch.HalfStorage", PickleGlobalKind.Storage, ElementType.F16),
        new("torch.BFloat16Storage", PickleGlobalKind.Storage, ElementType.BF16),
        new("torch.FloatStorage", PickleGlobalKind.Storage, ElementType.F32),
        new("torch.DoubleStorage", PickleGlobalKind.Storage, ElementType.F64),
        new("torch.CharStorage", PickleGlobalKind.Storage, ElementType.I8),
        new("torch.ByteStorage", PickleGlobalKind.Storage, ElementType.U8),
        new("torch.ShortStorage", PickleGlobalKind.Storage, ElementType.I16),
        new("torch.IntStorage", PickleGlobalKind.Storage, ElementType.I32),
        new("torch.LongStorage", PickleGlobalKind.Storage, ElementType.I64),
        new("torch.BoolStorage", PickleGlobalKind.Storage, ElementType.BOOL),

        // What training scripts save beside it: their arguments, counters, where and in which type they computed.
        new(Namespace, PickleGlobalKind.Namespace),
        new("collections.defaultdict", PickleGlobalKind.DefaultDict),
        new("collections.Counter", PickleGlobalKind.Counter),
        new("torch.device", PickleGlobalKind.Device),
        .. new[] { "builtins", "__builtin__" }.SelectMany(module =>
            new[] { "set", "frozenset" }.Select(name => new PickleGlobal($"{module}.{name}", PickleGlobalKind.Set))
                .Concat(new[] { "dict", "list", "int", "long", "float", "str" }.Select(name => new PickleGlobal($"{module}.{name}", PickleGlobalKind.Class)))),
        .. new[] { "float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool" }
            .Select(type => new PickleGlobal($"torch.{type}", PickleGlobalKind.TypeName)),
    ]).ToDictionary(global => global.Name);

    private readonly NumpyValues _numpy = new(path, fileLength);

    private readonly Dictionary<string, TorchStorage> _storages = [];

    /// <summary>The storages the pickle mentions, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    public bool StringsAreBytes => false;

    public object Resolve(string name, long offset, bool whole) =>
        Allowed.GetValueOrDefault(name)
        ?? throw Fail(offset, whole
            ? $"is one pickled object of the class '{name}', a whole module perhaps, and not a state dict. Nothing was executed. If you trust the file, take the weights out of it where that class can be imported: torch.save(torch.load(file).state_dict(), other)."
            : $"the pickle asks for the global '{name}', which no state dict needs. Nothing was executed. If you trust the file, load it in Python and save its state dict alone: torch.save(model.state_dict(), file).");

    public object? Call(object? callee, object? arguments, long offset) => (callee, arguments) switch
    {
        (PickleGlobal { Kind: PickleGlobalKind.Dict }, object?[] and []) => new PickleDict(),
        (PickleGlobal { Kind: PickleGlobalKind.DefaultDict }, object?[] and ([] or [null] or [PickleGlobal { Kind: PickleGlobalKind.Class or PickleGlobalKind.Set }])) => new PickleDict(),
        (PickleGlobal { Kind: PickleGlobalKind.Counter }, object?[] and [PickleDict counts]) => counts,
        (PickleGlobal { Kind: PickleGlobalKind.Namespace }, object?[] and []) => new PickleOpaque(Namespace),
        (PickleGlobal { Kind: PickleGlobalKind.Set }, object?[] and [PickleList items]) => items,
        (PickleGlobal { Kind: PickleGlobalKind.Device }, object?[] and ([string] or [string, long])) => new PickleOpaque("torch.device"),
        (PickleGlobal { Kind: PickleGlobalKind.Size }, object?[] and [object?[] sizes]) => sizes,
        // tensor, requires_grad, hooks, and with a state that
        (PickleGlobal { Kind: PickleGlobalKind.RebuildParameter }, object?[] and [TorchTensor tensor, bool, _, ..]) => tensor,
        // storage, offset, size, stride
        (PickleGlobal { Kind: PickleGlobalKind.RebuildTensor },
            object?[] and [TorchStorageView storage, long begin, object?[] shape, object?[] strides]) =>
            Rebuild(storage, begin, shape, strides, offset),
        // storage, offset, size, stride, requires_grad, hooks, and since PyTorch 2 metadata
        (PickleGlobal { Kind: PickleGlobalKind.RebuildTensorV2 },
            object?[] and [TorchStorageView storage, long begin, object?[] shape, object?[] strides, bool, _, ..]) =>
            Rebuild(storage, begin, shape, strides, offset),
        (PickleGlobal global, object?[] given) => _numpy.Call(global, given, offset)
            ?? throw Fail(offset, $"'{global.Name}' is called with arguments that torch.save never gives it. The file is damaged: download or save it again."),
        _ => throw Fail(offset, "REDUCE calls something that is not a global. Nothing was executed. The file is damaged, or not a state dict."),
    };

    public void Build(object? target, object? state, long offset)
    {
        // What a module hangs on its state dict (_metadata, its layers' versions) says nothing about weights, nor do a script's arguments.
        if (target is not (PickleDict or PickleOpaque { Name: Namespace }) && !(target is NumpyType type && NumpyValues.Build(type, state)))
        {
            throw Fail(offset, "BUILD sets the state of an object, which no state dict needs. Nothing was executed. Save the state dict alone: torch.save(model.state_dict(), file).");
        }
    }

    public object PersistentId(object? id, long offset)
    {
        if (id is not (object?[] parts and ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage, Type: var type }, string key, string, long count, ..]))
        {
            throw Fail(offset, "a persistent id is not ('storage', type, key, location, count). The file is damaged, or not a state dict.");
        }
        if (count < 0 || count > fileLength / type.ByteSize())
        {
            throw Fail(offset, $"storage '{key}' has {count} elements of {type}, more than the file's {fileLength} bytes. It is truncated or damaged: download or save it again.");
        }
        var storage = new TorchStorage(key, type, count);
        if (!_storages.TryAdd(key, storage) && _storages[key] != storage)
        {
            throw Fail(offset, $"storage '{key}' is described twice and differently. The file is damaged: save it again.");
        }
        storage = _storages[key];
        return parts.ElementAtOrDefault(5) switch
        {
            null => new TorchStorageView(storage, 0, count),
            object?[] and [string, long begin, long size] when begin >= 0 && size >= 0 && begin <= count - size =>
                new TorchStorageView(storage, begin, size),
            _ => throw Fail(offset, $"a view of storage '{key}' goes beyond it. The file is damaged: save it again."),
        };
    }

    private TorchTensor Rebuild(TorchStorageView view, long begin, object?[] shape, object?[] strides, long offset)
    {
        if (shape.Length != strides.Length || shape.Length > MostDimensions
            || !shape.All(size => size is long) || !strides.All(stride => stride is >= 0L))
        {
            throw Fail(offset, $"a tensor of storage '{view.Storage.Key}' has no sound shape: at most {MostDimensions} sizes and as many strides, none below 0. The file is damaged: save it again.");
        }
        if (ElementTypes.ElementCount(Array.ConvertAll(shape, size => (long)size!)) is not { } elements)
        {
            throw Fail(offset, $"a tensor of storage '{view.Storage.Key}' has sizes below 0 or beyond counting. The file is damaged: save it again.");
        }
        // Cannot overflow: the sizes' product, zeros aside, is a long.
        Int128 last = begin;
        for (int d = 0; d < shape.Length; d++)
        {
            last += ((Int128)(long)shape[d]! - 1) * (long)strides[d]!;
        }
        if (begin < 0 || begin > view.Count || (elements > 0 && last >= view.Count))
        {
            throw Fail(offset, $"a tensor of storage '{view.Storage.Key}' begins at element {begin} and goes up to {last} of {view.Count}. The file is damaged: save it again.");
        }
        return new TorchTensor(view.Storage, view.Begin + begin, shape, strides);
    }

    private CheckpointException Fail(long offset, string problem) => new(path, offset, problem);
}
