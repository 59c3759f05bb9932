using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>Interprets the part of Python's pickle language that a state dict saved by torch.save is written in. Nothing is ever imported or
/// executed: a global is a name on a short list or an error, and only <see cref="TorchGlobals"/> says what a call of one yields.</summary>
/// <remarks>No recursion, so depth costs nothing; every opcode costs a bounded amount of time and memory, and their number is capped.</remarks>
internal sealed class PickleReader
{
    /// <summary>The longest pickle that is read: a state dict takes about 150 bytes a tensor.</summary>
    public const int MostBytes = 16 << 20;

    // A state dict takes about 35 opcodes a tensor.
    private const int MostOpcodes = 1_000_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly object Unwritten = new();

    private readonly PickleInput _input;
    private readonly TorchGlobals _globals;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];
    private long _at;

    private PickleReader(PickleInput input, TorchGlobals globals) => (_input, _globals) = (input, globals);

    /// <summary>Reads one pickle up to its STOP, where the input then stands.</summary>
    public static object? Read(PickleInput input, TorchGlobals globals) => new PickleReader(input, globals).Run();

    private object? Run()
    {
        for (int count = 0; count < MostOpcodes; count++)
        {
            _at = _input.Offset;
            var opcode = (PickleOpcode)_input.ReadByte();
            if (opcode == PickleOpcode.Stop)
            {
                object? value = Pop();
                return _stack.Count == 0 ? value : throw Broken("STOP leaves values on the stack");
            }
            Step(opcode);
        }
        throw _input.Fail(_at, $"the pickle has more than {MostOpcodes} opcodes, more than the state dict of any network this engine knows. Save the state dict alone.");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: ReadProtocol(); break;
            case PickleOpcode.Mark: _marks.Add(_stack.Count); break;

            case PickleOpcode.None: _stack.Add(null); break;
            case PickleOpcode.NewTrue: _stack.Add(true); break;
            case PickleOpcode.NewFalse: _stack.Add(false); break;
            case PickleOpcode.BinInt: _stack.Add((long)_input.ReadInt32()); break;
            case PickleOpcode.BinInt1: _stack.Add((long)_input.ReadByte()); break;
            case PickleOpcode.BinInt2: _stack.Add((long)_input.ReadUInt16()); break;
            case PickleOpcode.Long1: _stack.Add(ReadLong()); break;
            case PickleOpcode.BinFloat: _stack.Add(_input.ReadDoubleBigEndian()); break;
            case PickleOpcode.BinUnicode: _stack.Add(ReadText(_input.ReadUInt32())); break;
            case PickleOpcode.ShortBinString: _stack.Add(ReadText(_input.ReadByte())); break;
            case PickleOpcode.BinString: _stack.Add(ReadText(_input.ReadUInt32())); break;

            case PickleOpcode.EmptyTuple: _stack.Add(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: _stack.Add(PopTop(1)); break;
            case PickleOpcode.Tuple2: _stack.Add(PopTop(2)); break;
            case PickleOpcode.Tuple3: _stack.Add(PopTop(3)); break;
            case PickleOpcode.Tuple: _stack.Add(PopToMark()); break;
            case PickleOpcode.EmptyList: _stack.Add(new PickleList()); break;
            case PickleOpcode.Append: Append(PopTop(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.EmptyDict: _stack.Add(new PickleDict()); break;
            case PickleOpcode.SetItem: SetItems(PopTop(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;

            case PickleOpcode.BinPut: Remember(_input.ReadByte()); break;
            case PickleOpcode.LongBinPut: Remember(_input.ReadUInt32()); break;
            case PickleOpcode.BinGet: Recall(_input.ReadByte()); break;
            case PickleOpcode.LongBinGet: Recall(_input.ReadUInt32()); break;

            case PickleOpcode.Global: ReadGlobal(); break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersId: _stack.Add(_globals.PersistentId(Pop(), _at)); break;

            default: throw Refused(opcode);
        }
    }

    private void ReadProtocol()
    {
        byte protocol = _input.ReadByte();
        if (protocol != 2)
        {
            throw _input.Fail(_at, $"the pickle has protocol {protocol}; torch.save writes 2. Save it again without pickle_protocol.");
        }
    }

    private long ReadLong()
    {
        ReadOnlySpan<byte> bytes = _input.ReadBytes(_input.ReadByte());
        if (bytes.Length > sizeof(long))
        {
            throw _input.Fail(_at, $"a whole number of {bytes.Length} bytes stands where a state dict has at most 8. The file is damaged, or not a state dict.");
        }
        long value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }
        return value;
    }

    private string ReadText(uint length)
    {
        try
        {
            return Utf8.GetString(_input.ReadBytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw _input.Fail(_at, "a text is not UTF-8. The file is damaged, or not a state dict.");
        }
    }

    private void ReadGlobal()
    {
        ReadOnlySpan<byte> module = _input.ReadLine();
        ReadOnlySpan<byte> name = _input.ReadLine();
        _stack.Add(_globals.Resolve(Shorten(module) + "." + Shorten(name), _at));
    }

    private void Reduce()
    {
        object?[] two = PopTop(2);
        _stack.Add(_globals.Call(two[0], two[1], _at));
    }

    // What a module hangs on its state dict (_metadata, its layers' versions) says nothing about weights, so it is dropped.
    private void Build()
    {
        Pop();
        if (Top() is not PickleDict)
        {
            throw _input.Fail(_at, "BUILD sets the state of an object, which no state dict needs. Nothing was executed. Save the state dict alone: torch.save(model.state_dict(), file).");
        }
    }

    private void Append(object?[] values)
    {
        if (Top() is not PickleList list)
        {
            throw Broken("APPEND finds no list");
        }
        list.Items.AddRange(values);
    }

    private void SetItems(object?[] values)
    {
        if (Top() is not PickleDict dict || values.Length % 2 != 0)
        {
            throw Broken("SETITEM finds no dict, or a key without a value");
        }
        for (int i = 0; i < values.Length; i += 2)
        {
            if (values[i] is not (string or long or double or bool))
            {
                throw _input.Fail(_at, "a dict has a key that is neither text nor a number. The file is damaged, or not a state dict.");
            }
            dict.Items.Add(new(values[i]!, values[i + 1]));
        }
    }

    // A list, not a dictionary: Python numbers its memo from 0 on, and a dictionary's time could be attacked with colliding numbers.
    private void Remember(uint index)
    {
        object? value = Top();
        if (index >= MostOpcodes)
        {
            throw Broken($"memo {index} is beyond counting");
        }
        while (_memo.Count <= index)
        {
            _memo.Add(Unwritten);
        }
        _memo[(int)index] = value;
    }

    private void Recall(uint index)
    {
        if (index >= _memo.Count || ReferenceEquals(_memo[(int)index], Unwritten))
        {
            throw Broken($"memo {index} is read before it is written");
        }
        _stack.Add(_memo[(int)index]);
    }

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Broken("the stack is empty");

    private object? Pop() => PopTop(1)[0];

    private object?[] PopTop(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw Broken("the stack is empty");
        }
        return PopFrom(_stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Broken("there is no mark");
        }
        int mark = Floor;
        _marks.RemoveAt(_marks.Count - 1);
        return PopFrom(mark);
    }

    private object?[] PopFrom(int index)
    {
        object?[] values = [.. _stack[index..]];
        _stack.RemoveRange(index, values.Length);
        return values;
    }

    // Nothing below the last mark may be touched.
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private CheckpointException Broken(string problem) =>
        _input.Fail(_at, $"the pickle is broken: {problem}. The file is damaged: download or save it again.");

    private CheckpointException Refused(PickleOpcode opcode)
    {
        string name = Enum.IsDefined(opcode) ? $"the opcode {opcode.ToString().ToUpperInvariant()} (0x{(byte)opcode:x2})" : $"0x{(byte)opcode:x2}, which is no opcode";
        return _input.Fail(_at, $"the pickle has {name}; no state dict that torch.save writes needs it. Nothing was executed. Save the state dict alone: torch.save(model.state_dict(), file).");
    }

    // Names come from the file: at most so much of them goes into a message.
    private static string Shorten(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text.Length <= 100 ? text : text[..100]);
}
