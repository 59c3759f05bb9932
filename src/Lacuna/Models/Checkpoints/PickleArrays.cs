using System.Buffers.Binary;

namespace Lacuna.Models.Checkpoints;

/// <summary>A Python data file such as CIFAR's: one pickled dict, protocol 2 to 5, whose values are numpy arrays, lists of whole numbers, lists of texts
/// or single values. Nothing is executed; what Python 2 wrote as bytes (<c>b'data'</c>) has the same name here.</summary>
public sealed class PickleArrays
{
    private readonly string _path;
    private readonly Dictionary<string, object?> _values = [];

    private PickleArrays(string path) => _path = path;

    /// <summary>The dict's names, in the file's order.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Reads a file of less than 2 GiB.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, hostile, or holds something else.</exception>
    public static PickleArrays Read(string path)
    {
        using FileStream file = CheckpointReader.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads from a seekable stream, from its beginning; <paramref name="path"/> stands in messages.</summary>
    /// <remarks>Arrays lie in the one buffer that the file was read into: memory stays within twice the file's size plus a constant.</remarks>
    /// <exception cref="CheckpointException">As for the other overload.</exception>
    public static PickleArrays Read(Stream file, string path)
    {
        file.Position = 0;
        if (file.Length > System.Array.MaxLength)
        {
            throw new CheckpointException(path, $"has {file.Length} bytes; pickles of up to {System.Array.MaxLength} can be read. Save the data in smaller files.");
        }
        var input = PickleInput.Take(file, path, file.Length, System.Array.MaxLength);
        object? top = PickleReader.Read(input, new ArrayGlobals(path, file.Length));
        if (input.Left > 0)
        {
            throw new CheckpointException(path, input.Offset, $"goes on for {input.Left} bytes after its pickle. It is damaged: download or save it again.");
        }
        var arrays = new PickleArrays(path);
        foreach ((object key, object? value) in (top as PickleDict ?? throw new CheckpointException(path, $"holds {Describe(top)}, not a dict of arrays. Give a file such as CIFAR's data_batch_1.")).Items)
        {
            if (key is not string name || !arrays._values.TryAdd(name, value))
            {
                throw new CheckpointException(path, $"the key '{key}' is no text, or occurs twice. The file is damaged: download or save it again.");
            }
        }
        return arrays;
    }

    /// <summary>An array, elements contiguous in row-major order.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or it is no array.</exception>
    public CheckpointTensor Array(string name)
    {
        if (Find(name) is not NumpyArray { Type: { } type } array)
        {
            throw Wrong(name, "an array");
        }
        ElementType stored = ArrayGlobals.StoredType(type)!.Value;
        BoolBytes.Check(stored, array.Bytes.Span, _path, name);
        return new CheckpointTensor(name, stored, array.Shape, array.Bytes);
    }

    /// <summary>A list of whole numbers, or a one-dimensional array of them: labels.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or it holds something else.</exception>
    public long[] Integers(string name) => Find(name) switch
    {
        PickleList list when list.Items.TrueForAll(item => item is long) => [.. list.Items.Select(item => (long)item!)],
        NumpyArray { Shape.Length: 1, Type: { } type } array when Widen(type, array.Bytes.Span) is { } numbers => numbers,
        _ => throw Wrong(name, "a list of whole numbers"),
    };

    /// <summary>A list of texts: names of classes or files.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or it holds something else.</exception>
    public string[] Texts(string name) =>
        Find(name) is PickleList list && list.Items.TrueForAll(item => item is string or PickleBytes)
            ? [.. list.Items.Select(item => NumpyValues.Text(item)!)]
            : throw Wrong(name, "a list of texts");

    private static long[]? Widen(NumpyType type, ReadOnlySpan<byte> bytes)
    {
        ElementType stored = ArrayGlobals.StoredType(type)!.Value;
        if (stored is ElementType.F16 or ElementType.F32 or ElementType.F64 or ElementType.BOOL)
        {
            return null;
        }
        int size = stored.ByteSize();
        var numbers = new long[bytes.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> one = bytes.Slice(i * size, size);
            numbers[i] = stored switch
            {
                ElementType.I8 => (sbyte)one[0],
                ElementType.U8 => one[0],
                ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(one),
                ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(one),
                _ => BinaryPrimitives.ReadInt64LittleEndian(one),
            };
        }
        return numbers;
    }

    private object? Find(string name) => _values.TryGetValue(name, out object? value)
        ? value
        : throw new CheckpointException(_path, $"has no '{name}', only {string.Join(", ", Names.Take(20))}. It is another file than expected, or of another data set.");

    private CheckpointException Wrong(string name, string expected) => new(_path, $"'{name}' is {Describe(Find(name))}, not {expected}. It is another file than expected, or of another data set.");

    private static string Describe(object? value) => value switch
    {
        null => "None",
        NumpyArray { Type: { } type } array => $"an array ({string.Join(", ", array.Shape)}) of '{type.Code}'",
        PickleList => "a list",
        PickleDict => "a dict",
        object?[] => "a tuple",
        string or PickleBytes or PickleLongText => "a text",
        long or double or bool => "a number",
        _ => "something else",
    };
}
