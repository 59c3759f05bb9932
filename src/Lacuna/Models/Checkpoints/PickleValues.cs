namespace Lacuna.Models.Checkpoints;

/// <summary>A dict while it is read: its items in order, since nothing here needs to look up a hostile key.</summary>
internal sealed class PickleDict
{
    private List<KeyValuePair<object, object?>>? _items;

    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items ??= [];

    /// <summary>Whether a value is a tensor; known at once, because a hostile file may name one dict a million times.</summary>
    public bool HoldsTensors { get; private set; }

    public void Add(object key, object? value)
    {
        (_items ??= []).Add(new(key, value));
        HoldsTensors |= value is TorchTensor;
    }

    public object? Find(string key) => _items?.FindLast(item => item.Key is string name && name == key).Value;
}

/// <summary>A list, or a set, while it is read.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    public List<object?> Items => _items ??= [];
}

/// <summary>Bytes, where they lie in the pickle.</summary>
internal sealed record PickleBytes(ReadOnlyMemory<byte> Bytes);

/// <summary>A text too long for a name, as UTF-8 where it lies in the pickle: decoded it would take more memory than the file.</summary>
internal sealed record PickleLongText(ReadOnlyMemory<byte> Utf8);

/// <summary>A value whose content nobody asks for, such as a device.</summary>
internal sealed record PickleOpaque(string Name);

/// <summary>A numpy.dtype; its byte order comes after its making, as its state.</summary>
internal sealed record NumpyType(string Code)
{
    public char Order { get; set; } = '|';
}

/// <summary>A numpy array: made empty, filled by its state.</summary>
internal sealed class NumpyArray
{
    public NumpyType? Type { get; set; }

    public long[] Shape { get; set; } = [];

    public ReadOnlyMemory<byte> Bytes { get; set; }
}

/// <summary>What a global of an allowed list stands for.</summary>
internal enum PickleGlobalKind
{
    Dict,
    DefaultDict,
    Counter,
    Namespace,
    Set,
    Class,
    Bytes,
    Encode,
    Size,
    Device,
    TypeName,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
    Storage,
    NumpyType,
    NumpyScalar,
    NumpyArray,
    NumpyReconstruct,
    NumpyFromBuffer,
}

/// <summary>A global of an allowed list: a name to be recognised, never something to be run.</summary>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ElementType Type = default);

/// <summary>A run of elements outside the pickle.</summary>
internal sealed record TorchStorage(string Key, ElementType Type, long Count)
{
    public long ByteLength => Count * Type.ByteSize();
}

/// <summary>A part of a storage, in elements; old files give one key a part of another's data.</summary>
internal sealed record TorchStorageView(TorchStorage Storage, long Begin, long Count);

/// <summary>A tensor as a pickle describes it, its bounds already checked against its storage.</summary>
/// <param name="Begin">First element in the storage.</param>
/// <param name="Shape">A tuple of longs; kept as it is, because a hostile file may name one tuple a million times.</param>
/// <param name="Strides">A tuple of as many longs, in elements.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Begin, object?[] Shape, object?[] Strides);
