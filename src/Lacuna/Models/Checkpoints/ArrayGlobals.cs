namespace Lacuna.Models.Checkpoints;

/// <summary>The names a pickled data file may mention: those of numpy arrays, in all the forms that numpy 1 and 2 write.</summary>
/// <param name="path">For messages.</param>
/// <param name="fileLength">No array can be longer.</param>
internal sealed class ArrayGlobals(string path, long fileLength) : IPickleGlobals
{
    // numpy itself allows 64; images have 4.
    private const int MostDimensions = 16;

    private static readonly Dictionary<string, PickleGlobal> Allowed = NumpyValues.Globals.Concat(
    [
        new("numpy.ndarray", PickleGlobalKind.NumpyArray),
        new("numpy.core.multiarray._reconstruct", PickleGlobalKind.NumpyReconstruct),
        new("numpy._core.multiarray._reconstruct", PickleGlobalKind.NumpyReconstruct),
        new("numpy.core.numeric._frombuffer", PickleGlobalKind.NumpyFromBuffer),
        new("numpy._core.numeric._frombuffer", PickleGlobalKind.NumpyFromBuffer),
        new("collections.OrderedDict", PickleGlobalKind.Dict),
    ]).ToDictionary(global => global.Name);

    // The element types of numpy, and the stored type that has the same bytes.
    private static readonly Dictionary<string, ElementType> Types = new()
    {
        ["b1"] = ElementType.BOOL, ["i1"] = ElementType.I8, ["u1"] = ElementType.U8, ["i2"] = ElementType.I16, ["i4"] = ElementType.I32,
        ["i8"] = ElementType.I64, ["f2"] = ElementType.F16, ["f4"] = ElementType.F32, ["f8"] = ElementType.F64,
    };

    private readonly NumpyValues _numpy = new(path, fileLength);

    public bool StringsAreBytes => true;

    /// <summary>The stored type of a numpy type, or null.</summary>
    public static ElementType? StoredType(NumpyType type) => Types.TryGetValue(type.Code, out ElementType stored) ? stored : null;

    public object Resolve(string name, long offset, bool whole) =>
        Allowed.GetValueOrDefault(name)
        ?? throw Fail(offset, $"the pickle asks for the global '{name}', which no file of numpy arrays needs. Nothing was executed. If you trust the file, load it in Python and save a dict of arrays, lists and texts.");

    public object? Call(object? callee, object? arguments, long offset) => (callee, arguments) switch
    {
        (PickleGlobal { Kind: PickleGlobalKind.Dict }, object?[] and []) => new PickleDict(),
        // The class and an empty array's shape and type: the state that follows says it all.
        (PickleGlobal { Kind: PickleGlobalKind.NumpyReconstruct }, object?[] and [PickleGlobal { Kind: PickleGlobalKind.NumpyArray }, _, _]) => new NumpyArray(),
        (PickleGlobal { Kind: PickleGlobalKind.NumpyFromBuffer }, object?[] and [PickleBytes bytes, NumpyType type, object?[] shape, string order]) =>
            Fill(new NumpyArray(), shape, type, order == "F", bytes, offset),
        (PickleGlobal global, object?[] given) => _numpy.Call(global, given, offset)
            ?? throw Fail(offset, $"'{global.Name}' is called with arguments that numpy never gives it. The file is damaged: download or save it again."),
        _ => throw Fail(offset, "REDUCE calls something that is not a global. Nothing was executed. The file is damaged, or holds no arrays."),
    };

    public void Build(object? target, object? state, long offset)
    {
        if (target is NumpyType type && NumpyValues.Build(type, state))
        {
            return;
        }
        // version, shape, type, column-major, bytes
        if (target is NumpyArray { Type: null } array && state is object?[] and [long, object?[] shape, NumpyType element, var columns, PickleBytes bytes])
        {
            Fill(array, shape, element, columns is true or 1L, bytes, offset);
            return;
        }
        throw Fail(offset, "BUILD sets the state of an object that is no array of numbers, or in a form that numpy does not write. Nothing was executed. Save a dict of arrays, lists and texts.");
    }

    public object PersistentId(object? id, long offset) =>
        throw Fail(offset, "the pickle refers to something outside itself, which no file of arrays does. It may be a checkpoint: give a data file.");

    private NumpyArray Fill(NumpyArray array, object?[] shape, NumpyType type, bool columnMajor, PickleBytes bytes, long offset)
    {
        if (StoredType(type) is not { } stored || (type.Order == '>' && stored.ByteSize() > 1))
        {
            throw Fail(offset, $"an array has elements of type '{type.Order}{type.Code}'; {string.Join(", ", Types.Keys)}, little-endian, can be read. Convert it with astype.");
        }
        if (shape.Length > MostDimensions || !shape.All(size => size is long)
            || ElementTypes.ElementCount(array.Shape = Array.ConvertAll(shape, size => (long)size!)) is not { } count
            || (UInt128)count * (uint)stored.ByteSize() != (uint)bytes.Bytes.Length)
        {
            throw Fail(offset, $"an array of shape ({string.Join(", ", shape.Take(MostDimensions))}) and type '{type.Code}' has {bytes.Bytes.Length} bytes, which do not fit it. The file is damaged: download or save it again.");
        }
        (array.Type, array.Bytes) = (type, columnMajor && shape.Length > 1 ? ByRows(array.Shape, stored, count, bytes.Bytes, offset) : bytes.Bytes);
        return array;
    }

    private byte[] ByRows(long[] shape, ElementType type, long count, ReadOnlyMemory<byte> columns, long offset)
    {
        _numpy.Charge(columns.Length, offset);
        var strides = new object?[shape.Length];
        long stride = 1;
        for (int d = 0; d < shape.Length; d++)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
        return new StridedView(new TorchTensor(new TorchStorage("", type, count), 0, Array.ConvertAll(shape, size => (object?)size), strides)).Copy(columns.Span);
    }

    private CheckpointException Fail(long offset, string problem) => new(path, offset, problem);
}
