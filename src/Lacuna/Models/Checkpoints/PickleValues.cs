namespace Lacuna.Models.Checkpoints;

/// <summary>A dict while it is read: its items in order, since nothing here needs to look up a hostile key.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object, object?>> Items { get; } = [];

    public object? Find(string key) => Items.FindLast(item => item.Key is string name && name == key).Value;
}

/// <summary>A list while it is read.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>What a global of the allowed list stands for.</summary>
internal enum PickleGlobalKind
{
    OrderedDict,
    Size,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
    Storage,
}

/// <summary>A global of the allowed list: a name to be recognised, never something to be run.</summary>
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
