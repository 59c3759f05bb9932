using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>
/// The entry of a PTX module, ready to run on this machine: enough of the language for what ILGPU emits, and an error for all else.
/// Every operand is a slot of the register file; constants, special registers and addresses of shared memory have slots of their own.
/// </summary>
internal sealed unsafe partial class PtxProgram
{
    private readonly Dictionary<string, int> _slots = [];
    private readonly List<ulong> _initial = [];
    private readonly Dictionary<string, int> _parameters = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<string> _sources = [];
    private readonly Action<PtxLane>[] _steps;

    public PtxProgram(string text, string entry)
    {
        Entry = entry;
        text = Comment().Replace(text, "");
        var head = Regex.Match(text, @"\.entry " + Regex.Escape(entry) + @"\((?<parameters>[^)]*)\)[^{]*\{(?<body>.*)\}", RegexOptions.Singleline);
        if (!head.Success) throw new NotSupportedException($"no entry {entry}");
        ParseParameters(head.Groups["parameters"].Value);
        var statements = new List<string>();
        foreach (var line in head.Groups["body"].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Shared().Match(line) is { Success: true } shared) DeclareShared(shared);
            else if (line.EndsWith(':')) _labels[line[..^1]] = statements.Count;
            else if (line.StartsWith(".reg ", StringComparison.Ordinal)) continue;
            else statements.Add(line.TrimEnd(';'));
        }
        _sources.AddRange(statements);
        _steps = [.. statements.Select((statement, at) => Compile(statement, at))];
    }

    public string Entry { get; }

    /// <summary>Bytes of the parameters.</summary>
    public int ParameterBytes { get; private set; }

    public int SharedBytes { get; private set; }

    /// <summary>An instruction's text.</summary>
    public string Source(int at) => _sources[at];

    /// <summary>One instruction.</summary>
    public void Step(PtxLane lane) => _steps[lane.At](lane);

    /// <summary>A thread's registers before its first instruction.</summary>
    public ulong[] RegistersOf(int thread, int threads, (int X, int Y) group, (int X, int Y) grid)
    {
        ulong[] registers = [.. _initial];
        foreach (var (name, slot) in _slots)
        {
            int? value = name switch
            {
                "%tid.x" => thread,
                "%ntid.x" => threads,
                "%tid.y" or "%tid.z" or "%ctaid.z" => 0,
                "%ntid.y" or "%ntid.z" or "%nctaid.z" => 1,
                "%ctaid.x" => group.X,
                "%ctaid.y" => group.Y,
                "%nctaid.x" => grid.X,
                "%nctaid.y" => grid.Y,
                "%laneid" => thread % 32,
                "%warpid" => thread / 32,
                _ => null,
            };
            if (value is { } special) registers[slot] = (uint)special;
        }
        return registers;
    }

    /// <summary>Exchanges values between the lanes of a warp that wait at the same shuffle.</summary>
    public void Shuffle(PtxLane[] warp)
    {
        var (operation, operands) = Split(Unguarded(_sources[warp[0].At]));
        var mode = operation.Split('.')[2];
        var given = warp.Select(lane => (Value: lane.Registers[Slot(operands[1])], By: (int)lane.Registers[Slot(operands[2])], Control: (int)lane.Registers[Slot(operands[3])])).ToArray();
        for (var lane = 0; lane < warp.Length; lane++)
        {
            // PTX ISA, shfl.sync: the segment in bits 8 to 12, the clamp in bits 0 to 4.
            var (segment, clamp) = (given[lane].Control >> 8 & 31, given[lane].Control & 31);
            var last = lane & segment | clamp & ~segment;
            var from = mode switch
            {
                "up" => lane - given[lane].By,
                "down" => lane + given[lane].By,
                "bfly" => lane ^ given[lane].By,
                _ => lane & segment | given[lane].By & ~segment,
            };
            var valid = mode == "up" ? from >= last : from <= last;
            warp[lane].Registers[Slot(operands[0].Split('|')[0])] = given[valid ? from : lane].Value;
        }
    }

    private void ParseParameters(string text)
    {
        foreach (Match match in Parameter().Matches(text))
        {
            var type = match.Groups["type"].Value;
            var bytes = match.Groups["count"].Success ? int.Parse(match.Groups["count"].Value) : Bytes(type);
            var alignment = match.Groups["align"].Success ? int.Parse(match.Groups["align"].Value) : bytes;
            ParameterBytes = (ParameterBytes + alignment - 1) / alignment * alignment;
            _parameters[match.Groups["name"].Value] = ParameterBytes;
            ParameterBytes += bytes;
        }
    }

    private void DeclareShared(Match shared)
    {
        var alignment = int.Parse(shared.Groups["align"].Value);
        // No better aligned than it asks for.
        SharedBytes = (SharedBytes + alignment - 1) / alignment * alignment;
        if (SharedBytes % (2 * alignment) == 0) SharedBytes += alignment;
        _initial.Add((ulong)SharedBytes);
        _slots[shared.Groups["name"].Value] = _initial.Count - 1;
        SharedBytes += int.Parse(shared.Groups["count"].Value);
    }

    private static string Unguarded(string statement) => statement[0] == '@' ? statement[(statement.IndexOf(' ') + 1)..].TrimStart() : statement;

    private static (string Operation, string[] Operands) Split(string statement)
    {
        var words = statement.Split((char[])['\t', ' '], 2, StringSplitOptions.TrimEntries);
        return (words[0], words.Length == 1 ? [] : [.. Operand().Matches(words[1]).Select(match => match.Value.Trim())]);
    }

    private Action<PtxLane> Compile(string statement, int at)
    {
        statement = statement.Replace('\t', ' ');
        _sources[at] = statement;
        int? guard = null;
        var wanted = 1UL;
        if (statement[0] == '@')
        {
            if (statement[1] == '!') wanted = 0;
            guard = Slot(statement[(wanted == 0 ? 2 : 1)..statement.IndexOf(' ')]);
        }
        var (operation, operands) = Split(Unguarded(statement));
        var step = operation is "bra" or "bra.uni" ? Branch(operation, operands[0], guard, wanted, at) : Plain(operation, operands, at);
        if (guard is not { } predicate || operation is "bra" or "bra.uni") return step;
        return lane =>
        {
            if (lane.Registers[predicate] == wanted) step(lane);
            else lane.At++;
        };
    }

    private Action<PtxLane> Branch(string operation, string label, int? guard, ulong wanted, int at)
    {
        var target = new Lazy<int>(() => _labels[label]);
        var uniform = operation == "bra.uni" && guard is not null;
        return lane =>
        {
            var taken = guard is not { } predicate || lane.Registers[predicate] == wanted;
            if (uniform)
            {
                if (!lane.UniformBranches.TryGetValue(at, out var ways)) lane.UniformBranches[at] = ways = [];
                ways.Add(taken);
            }
            lane.At = taken ? target.Value : lane.At + 1;
        };
    }

    private Action<PtxLane> Plain(string operation, string[] operands, int at)
    {
        var words = operation.Split('.');
        switch (words[0])
        {
            case "ret" or "exit":
                return lane => lane.Wait = PtxWait.End;
            case "bar" or "barrier" when words[1] == "sync":
                return lane => lane.Wait = PtxWait.Barrier;
            case "shfl":
                foreach (var operand in operands) Slot(operand.Split('|')[0]);
                return lane => lane.Wait = PtxWait.Shuffle;
            case "membar" or "fence":
                return lane => lane.At++;
            case "ld" or "st":
                return Access(words, operands, at);
            case "red" or "atom":
                return Atomic(words, operands, at);
        }
        var function = PtxArithmetic.Of(operation) ?? throw new NotSupportedException($"{Entry}: {operation}");
        var (result, a, b, c) = (Slot(operands[0]), Slot(operands[1]), Slot(operands.ElementAtOrDefault(2)), Slot(operands.ElementAtOrDefault(3)));
        return lane =>
        {
            var registers = lane.Registers;
            registers[result] = function(registers[a], registers[b], registers[c]);
            lane.At++;
        };
    }

    private Action<PtxLane> Access(string[] words, string[] operands, int at)
    {
        var (load, space, type) = (words[0] == "ld", words[1], words[^1]);
        var (where, what) = load ? (operands[1], operands[0]) : (operands[0], operands[1]);
        int[] slots = [.. what.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries).Select(name => Slot(name))];
        var bytes = Bytes(type);
        var (address, offset) = Address(where);
        if (space == "param")
        {
            var place = _parameters[where.Trim('[', ']').Split('+')[0]] + (int)offset;
            return lane =>
            {
                lane.Registers[slots[0]] = Read(lane.Group.Parameters.AsSpan(place, bytes), type);
                lane.At++;
            };
        }
        return lane =>
        {
            var first = lane.Registers[address] + offset;
            var memory = space switch
            {
                "global" => new Span<byte>(lane.Group.Global(first, bytes * slots.Length, at), bytes * slots.Length),
                "shared" => lane.Group.Shared(first, bytes * slots.Length, at),
                _ => throw new NotSupportedException($"{Entry}: memory of kind {space}"),
            };
            for (var i = 0; i < slots.Length; i++)
            {
                var element = memory.Slice(i * bytes, bytes);
                if (load) lane.Registers[slots[i]] = Read(element, type);
                else Write(element, lane.Registers[slots[i]]);
            }
            lane.At++;
        };
    }

    private Action<PtxLane> Atomic(string[] words, string[] operands, int at)
    {
        var returns = words[0] == "atom";
        var (space, type) = (words[1] is "global" or "shared" ? words[1] : words[2], words[^1]);
        var name = words[1] is "global" or "shared" ? words[2] : words[1];
        var (address, offset) = Address(operands[returns ? 1 : 0]);
        var (value, result, bytes) = (Slot(operands[^1]), returns ? Slot(operands[0]) : -1, Bytes(type));
        var function = name == "exch" ? (_, b, _) => b : PtxArithmetic.Of($"{name}.{type}") ?? throw new NotSupportedException(string.Join('.', words));
        return lane =>
        {
            var first = lane.Registers[address] + offset;
            var memory = space == "global" ? new Span<byte>(lane.Group.Global(first, bytes, at), bytes) : lane.Group.Shared(first, bytes, at);
            var before = Read(memory, type);
            Write(memory, function(before, lane.Registers[value], 0));
            if (returns) lane.Registers[result] = before;
            lane.At++;
        };
    }

    private (int Slot, ulong Offset) Address(string operand)
    {
        var words = operand.Trim('[', ']').Split('+');
        var offset = words.Length > 1 ? ulong.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        return (_parameters.ContainsKey(words[0]) ? -1 : Slot(words[0]), offset);
    }

    private int Slot(string? name)
    {
        name ??= "0";
        if (_slots.TryGetValue(name, out var slot)) return slot;
        _initial.Add(name[0] == '%' ? 0xdeadbeef_deadbeef : Constant(name));
        return _slots[name] = _initial.Count - 1;
    }

    private ulong Constant(string text)
    {
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase) || text.StartsWith("0d", StringComparison.OrdinalIgnoreCase)) return ulong.Parse(text[2..], NumberStyles.HexNumber);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return ulong.Parse(text[2..], NumberStyles.HexNumber);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return (ulong)number;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var large)) return large;
        throw new NotSupportedException($"{Entry}: operand {text}");
    }

    private static int Bytes(string type) => type == "pred" ? 1 : int.Parse(type[1..]) / 8;

    private static ulong Read(ReadOnlySpan<byte> memory, string type) => type switch
    {
        "b8" or "u8" => memory[0],
        "s8" => (uint)(sbyte)memory[0],
        "b16" or "u16" => MemoryMarshal.Read<ushort>(memory),
        "s16" => (uint)MemoryMarshal.Read<short>(memory),
        "b64" or "u64" or "s64" or "f64" => MemoryMarshal.Read<ulong>(memory),
        _ => MemoryMarshal.Read<uint>(memory),
    };

    private static void Write(Span<byte> memory, ulong value) => MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value))[..memory.Length].CopyTo(memory);

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.param (\.align (?<align>\d+) )?\.(?<type>\w+) (?<name>\w+)(\[(?<count>\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.shared \.align (?<align>\d+) \.b8 (?<name>\w+)\[(?<count>\d+)\];")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\{[^}]*\}|\[[^]]*\]|[^,\s][^,]*")]
    private static partial Regex Operand();
}
