using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>Interprets the part of Python's pickle language, protocols 2 to 5, that state dicts and arrays are written in. Nothing is ever imported or
/// executed: a global is a name on a short list or an error, and only <see cref="IPickleGlobals"/> says what a call of one yields.</summary>
/// <remarks>No recursion, so depth costs nothing; every opcode costs a bounded amount of time and memory, and their number is capped.</remarks>
internal sealed class PickleReader
{
    /// <summary>The longest pickle of a checkpoint that is read: a state dict takes about 150 bytes a tensor.</summary>
    public const int MostBytes = 16 << 20;

    // A state dict takes about 35 opcodes a tensor, a data file five an image.
    private const int MostOpcodes = 1_000_000;

    // Longer texts stay as they are in the file: nothing has such a name.
    private const int MostTextBytes = 64 << 10;

    // Of a global's or a key's name; also how much of one goes into a message.
    private const int MostNameLength = 100;

    // Text takes two bytes a letter once it is decoded; what real files hold of it is far less.
    private const int MostTextBytesInAll = 16 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly object Unwritten = new();

    private static readonly object[] Small = [.. Enumerable.Range(0, 256).Select(i => (object)(long)i)];

    private readonly PickleInput _input;
    private readonly IPickleGlobals _globals;
    private readonly int _start;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];
    private int _textLeft = MostTextBytesInAll;
    private long _at;

    private PickleReader(PickleInput input, IPickleGlobals globals) => (_input, _globals, _start) = (input, globals, input.Position);

    /// <summary>Reads one pickle up to its STOP, where the input then stands.</summary>
    public static object? Read(PickleInput input, IPickleGlobals globals) => new PickleReader(input, globals).Run();

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
        throw _input.Fail(_at, $"the pickle has more than {MostOpcodes} opcodes, more than any network or data this engine knows needs. Save the state dict alone, or the data in smaller files.");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: ReadProtocol(); break;
            case PickleOpcode.Frame: SkipFrame(); break;
            case PickleOpcode.Mark: _marks.Add(_stack.Count); break;

            case PickleOpcode.None: _stack.Add(null); break;
            case PickleOpcode.NewTrue: _stack.Add(true); break;
            case PickleOpcode.NewFalse: _stack.Add(false); break;
            case PickleOpcode.BinInt: _stack.Add((long)_input.ReadInt32()); break;
            case PickleOpcode.BinInt1: _stack.Add(Small[_input.ReadByte()]); break;
            case PickleOpcode.BinInt2: _stack.Add((long)_input.ReadUInt16()); break;
            case PickleOpcode.Long1: _stack.Add(ReadLong(_input.ReadByte())); break;
            case PickleOpcode.Long4: _stack.Add(ReadLong(_input.ReadUInt32())); break;
            case PickleOpcode.BinFloat: _stack.Add(_input.ReadDoubleBigEndian()); break;
            case PickleOpcode.ShortBinUnicode: _stack.Add(ReadText(_input.ReadByte())); break;
            case PickleOpcode.BinUnicode: _stack.Add(ReadText(_input.ReadUInt32())); break;
            case PickleOpcode.BinUnicode8: _stack.Add(ReadText(_input.ReadUInt64())); break;
            case PickleOpcode.ShortBinString: _stack.Add(ReadString(_input.ReadByte())); break;
            case PickleOpcode.BinString: _stack.Add(ReadString(_input.ReadUInt32())); break;
            case PickleOpcode.ShortBinBytes: _stack.Add(new PickleBytes(_input.ReadMemory(_input.ReadByte()))); break;
            case PickleOpcode.BinBytes: _stack.Add(new PickleBytes(_input.ReadMemory(_input.ReadUInt32()))); break;
            case PickleOpcode.BinBytes8: _stack.Add(new PickleBytes(_input.ReadMemory(_input.ReadUInt64()))); break;
            case PickleOpcode.ByteArray8: _stack.Add(new PickleBytes(_input.ReadMemory(_input.ReadUInt64()))); break;

            case PickleOpcode.EmptyTuple: _stack.Add(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: _stack.Add(PopTop(1)); break;
            case PickleOpcode.Tuple2: _stack.Add(PopTop(2)); break;
            case PickleOpcode.Tuple3: _stack.Add(PopTop(3)); break;
            case PickleOpcode.Tuple: _stack.Add(PopToMark()); break;
            case PickleOpcode.EmptyList: _stack.Add(new PickleList()); break;
            case PickleOpcode.Append: Append(PopTop(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.EmptySet: _stack.Add(new PickleList()); break;
            case PickleOpcode.AddItems: Append(PopToMark()); break;
            case PickleOpcode.FrozenSet: MakeSet(PopToMark()); break;
            case PickleOpcode.EmptyDict: _stack.Add(new PickleDict()); break;
            case PickleOpcode.SetItem: SetItems(PopTop(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;

            case PickleOpcode.BinPut: Remember(_input.ReadByte()); break;
            case PickleOpcode.LongBinPut: Remember(_input.ReadUInt32()); break;
            case PickleOpcode.Memoize: Remember((uint)_memo.Count); break;
            case PickleOpcode.BinGet: Recall(_input.ReadByte()); break;
            case PickleOpcode.LongBinGet: Recall(_input.ReadUInt32()); break;

            case PickleOpcode.Global: ReadGlobal(); break;
            case PickleOpcode.StackGlobal: ReadStackGlobal(); break;
            // Of what is allowed none takes more from being made by its class than from being called.
            case PickleOpcode.Reduce or PickleOpcode.NewObj: Call(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersId: _stack.Add(_globals.PersistentId(Pop(), _at)); break;

            default: throw Refused(opcode);
        }
    }

    private void ReadProtocol()
    {
        byte protocol = _input.ReadByte();
        if (protocol is < 2 or > 5)
        {
            throw _input.Fail(_at, $"the pickle has protocol {protocol}; 2 to 5 can be read, and torch.save writes 2. Save it again without naming a protocol.");
        }
    }

    // A hint for readers that have no file's end to go by; it only must not lie about that end.
    private void SkipFrame()
    {
        ulong length = _input.ReadUInt64();
        if (length > (ulong)_input.Left)
        {
            throw Broken($"a frame of {length} bytes goes beyond the end");
        }
    }

    private long ReadLong(uint length)
    {
        ReadOnlySpan<byte> bytes = _input.ReadBytes(length);
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

    // Python 2 made no difference between text and bytes; the use of the file does.
    private object ReadString(uint length) => _globals.StringsAreBytes ? new PickleBytes(_input.ReadMemory(length)) : ReadText(length);

    private object ReadText(ulong length)
    {
        ReadOnlyMemory<byte> utf8 = _input.ReadMemory(length);
        if (utf8.Length > MostTextBytes)
        {
            return new PickleLongText(utf8);
        }
        _textLeft -= utf8.Length;
        if (_textLeft < 0)
        {
            throw _input.Fail(_at, $"the pickle has more than {MostTextBytesInAll} bytes of text. The file is damaged, or neither a state dict nor images.");
        }
        try
        {
            return Utf8.GetString(utf8.Span);
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
        Resolve(Shorten(module), Shorten(name));
    }

    private void ReadStackGlobal()
    {
        if (PopTop(2) is not [string module, string name])
        {
            throw Broken("STACK_GLOBAL finds no two texts");
        }
        Resolve(module.Length <= MostNameLength ? module : module[..MostNameLength], name.Length <= MostNameLength ? name : name[..MostNameLength]);
    }

    private void Resolve(string module, string name) =>
        _stack.Add(_globals.Resolve($"{module}.{name}", _at, whole: _stack.Count == 0 && _marks.Count == 0));

    private void Call()
    {
        object? arguments = Pop();
        _stack.Add(_globals.Call(Pop(), arguments, _at));
    }

    private void Build()
    {
        object? state = Pop();
        _globals.Build(Top(), state, _at);
    }

    private void MakeSet(object?[] values)
    {
        _stack.Add(new PickleList());
        Append(values);
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
            dict.Add(Key(values[i]), values[i + 1]);
        }
    }

    private object Key(object? key) => key switch
    {
        string or long or double or bool or object?[] => key,
        // Python 2's names.
        PickleBytes { Bytes.Length: <= MostNameLength } name => Encoding.Latin1.GetString(name.Bytes.Span),
        _ => throw _input.Fail(_at, "a dict has a key that is neither text nor a number. The file is damaged, or not a state dict."),
    };

    // A list, not a dictionary: Python numbers its memo from 0 on, and a dictionary's time could be attacked with colliding numbers.
    private void Remember(uint index)
    {
        object? value = Top();
        // Numbers go up by one, so that none can be higher than there were bytes.
        if (index > _input.Position - _start)
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

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

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
        int count = _stack.Count - index;
        object?[] values = count == 0 ? [] : new object?[count];
        _stack.CopyTo(index, values, 0, count);
        _stack.RemoveRange(index, count);
        return values;
    }

    // Nothing below the last mark may be touched.
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private CheckpointException Broken(string problem) =>
        _input.Fail(_at, $"the pickle is broken: {problem}. The file is damaged: download or save it again.");

    private CheckpointException Refused(PickleOpcode opcode)
    {
        string name = Enum.IsDefined(opcode) ? $"the opcode {opcode.ToString().ToUpperInvariant()} (0x{(byte)opcode:x2})" : $"0x{(byte)opcode:x2}, which is no opcode";
        return _input.Fail(_at, $"the pickle has {name}; neither state dicts nor arrays need it. Nothing was executed. Save the state dict alone: torch.save(model.state_dict(), file).");
    }

    // Names come from the file: at most so much of them goes into a message.
    private static string Shorten(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text.Length <= MostNameLength ? text : text[..MostNameLength]);
}
