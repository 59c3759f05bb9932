using System.Buffers.Binary;
using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>Pickles a state dict, protocol 2, byte for byte as Python does for torch.save: an OrderedDict of _rebuild_tensor_v2 calls, each tensor contiguous in a storage of its own,
/// storages numbered from 0 on. It has only what torch.load(weights_only=True) allows.</summary>
internal sealed class PickleWriter
{
    // Python sets the items of a dict so many at a time.
    private const int ItemsAtOnce = 1000;

    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<string, int> _remembered = [];
    private int _memo;

    private PickleWriter() { }

    public static byte[] StateDict(IReadOnlyList<CheckpointTensor> tensors)
    {
        var writer = new PickleWriter();
        writer.Write(tensors);
        return writer._bytes.ToArray();
    }

    private void Write(IReadOnlyList<CheckpointTensor> tensors)
    {
        Op(PickleOpcode.Proto);
        _bytes.WriteByte(2);
        OrderedDict();
        for (int begin = 0; begin < tensors.Count; begin += ItemsAtOnce)
        {
            int count = Math.Min(ItemsAtOnce, tensors.Count - begin);
            if (count > 1)
            {
                Op(PickleOpcode.Mark);
            }
            for (int i = begin; i < begin + count; i++)
            {
                Text(tensors[i].Name);
                Tensor(tensors[i], i);
            }
            Op(count > 1 ? PickleOpcode.SetItems : PickleOpcode.SetItem);
        }
        Op(PickleOpcode.Stop);
    }

    private void Tensor(CheckpointTensor tensor, int number)
    {
        Global("torch._utils\n_rebuild_tensor_v2");
        Op(PickleOpcode.Mark);
        Storage(tensor, number);
        Whole(0);
        Tuple(tensor.Shape);
        Tuple(Strides(tensor.Shape));
        Op(PickleOpcode.NewFalse);
        OrderedDict();
        Op(PickleOpcode.Tuple);
        Remember();
        Op(PickleOpcode.Reduce);
        Remember();
    }

    // ('storage', type, key, location, count), which PyTorch resolves.
    private void Storage(CheckpointTensor tensor, int number)
    {
        Op(PickleOpcode.Mark);
        Once("storage", () => Text("storage"));
        Global(StorageType(tensor.Type));
        Text(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Once("cpu", () => Text("cpu"));
        Whole(tensor.Bytes.Length / tensor.Type.ByteSize());
        Op(PickleOpcode.Tuple);
        Remember();
        Op(PickleOpcode.BinPersId);
    }

    private void OrderedDict()
    {
        Global("collections\nOrderedDict");
        Op(PickleOpcode.EmptyTuple);
        Op(PickleOpcode.Reduce);
        Remember();
    }

    private void Global(string name) => Once(name, () =>
    {
        Op(PickleOpcode.Global);
        _bytes.Write(Encoding.ASCII.GetBytes(name + "\n"));
        Remember();
    });

    /// <summary>Writes a thing that Python has one object for: the second time, where the memo keeps it.</summary>
    private void Once(string name, Action write)
    {
        if (_remembered.TryGetValue(name, out int at))
        {
            Memo(PickleOpcode.BinGet, PickleOpcode.LongBinGet, at);
            return;
        }
        write();
        _remembered.Add(name, _memo - 1);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Op(PickleOpcode.BinUnicode);
        Int32(utf8.Length);
        _bytes.Write(utf8);
        Remember();
    }

    private void Whole(long number)
    {
        switch (number)
        {
            case <= byte.MaxValue:
                Op(PickleOpcode.BinInt1);
                _bytes.WriteByte((byte)number);
                break;
            case <= ushort.MaxValue:
                Op(PickleOpcode.BinInt2);
                _bytes.Write([(byte)number, (byte)(number >> 8)]);
                break;
            case <= int.MaxValue:
                Op(PickleOpcode.BinInt);
                Int32((int)number);
                break;
            default:
                LongNumber(number);
                break;
        }
    }

    // Two's complement in as few bytes as keep the sign.
    private void LongNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[9];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        int length = bytes.LastIndexOfAnyExcept((byte)0) + 1;
        length += bytes[length - 1] >= 0x80 ? 1 : 0;
        Op(PickleOpcode.Long1);
        _bytes.WriteByte((byte)length);
        _bytes.Write(bytes[..length]);
    }

    private void Tuple(long[] numbers)
    {
        if (numbers.Length == 0)
        {
            Op(PickleOpcode.EmptyTuple);
            return;
        }
        if (numbers.Length > 3)
        {
            Op(PickleOpcode.Mark);
        }
        Array.ForEach(numbers, Whole);
        Op(numbers.Length switch { 1 => PickleOpcode.Tuple1, 2 => PickleOpcode.Tuple2, 3 => PickleOpcode.Tuple3, _ => PickleOpcode.Tuple });
        Remember();
    }

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
        return strides;
    }

    private static string StorageType(ElementType type) => "torch\n" + type switch
    {
        ElementType.F16 => "HalfStorage",
        ElementType.BF16 => "BFloat16Storage",
        ElementType.F32 => "FloatStorage",
        ElementType.F64 => "DoubleStorage",
        ElementType.I8 => "CharStorage",
        ElementType.U8 => "ByteStorage",
        ElementType.I16 => "ShortStorage",
        ElementType.I32 => "IntStorage",
        ElementType.I64 => "LongStorage",
        ElementType.BOOL => "BoolStorage",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    private void Remember() => Memo(PickleOpcode.BinPut, PickleOpcode.LongBinPut, _memo++);

    private void Memo(PickleOpcode small, PickleOpcode large, int index)
    {
        Op(index <= byte.MaxValue ? small : large);
        if (index <= byte.MaxValue)
        {
            _bytes.WriteByte((byte)index);
        }
        else
        {
            Int32(index);
        }
    }

    private void Int32(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _bytes.Write(bytes);
    }

    private void Op(PickleOpcode opcode) => _bytes.WriteByte((byte)opcode);
}
