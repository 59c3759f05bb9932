using System.Buffers.Binary;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Changes sound files: bits, bytes, lengths, numbers at their extremes, opcodes, runs from other files. What it does is a function of a number, so a failure names one that fails again.</summary>
internal ref struct Mutator(byte[][] seeds, ulong number)
{
    // Half of the files keep their length, so that what is found through lengths and offsets is still found, and read on.
    private readonly bool _keepsLength = number % 2 == 0;

    // Numbers at which lengths and counts go wrong.
    private static readonly long[] Edges = [0, 1, -1, 127, 128, 255, 256, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 100_000_000, 100_000_001];

    // The same as they stand in JSON and in protocol 0, and what else a careless reader might take for a number or a name.
    private static readonly byte[][] Words =
    [
        "-1"u8.ToArray(), "0"u8.ToArray(), "2.5"u8.ToArray(), "1e9"u8.ToArray(), "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(), "18446744073709551615"u8.ToArray(), "null"u8.ToArray(),
        "{"u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), "\\ud800"u8.ToArray(), "PK\u0001\u0002"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(), "cos\nsystem\n"u8.ToArray(), "(tR"u8.ToArray(), "h\0"u8.ToArray(),
    ];

    private static readonly byte[] Opcodes = [.. Enum.GetValues<PickleOpcode>().Select(opcode => (byte)opcode)];

    private ulong _state = number * 0x9E3779B97F4A7C15;

    /// <summary>One to four changes of one of the files.</summary>
    public byte[] Make()
    {
        byte[] bytes = seeds[Below(seeds.Length)].ToArray();
        for (int changes = 1 + Below(4); changes > 0 && bytes.Length > 0; changes--)
        {
            bytes = Change(bytes);
        }
        return bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        int at = Below(bytes.Length);
        if (_keepsLength)
        {
            byte[] changed = ChangeFreely(bytes.ToArray(), at);
            int kept = Math.Min(changed.Length, bytes.Length);
            return [.. changed.AsSpan(0, kept), .. bytes.AsSpan(kept)];
        }
        return ChangeFreely(bytes, at);
    }

    private byte[] ChangeFreely(byte[] bytes, int at)
    {
        switch (Below(12))
        {
            case 0:
                bytes[at] = (byte)Below(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << Below(8));
                return bytes;
            case 2:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(at + 1 + Below(16), bytes.Length))];
            case 3:
                return [.. bytes.AsSpan(0, at), .. new byte[1 + Below(16)], .. bytes.AsSpan(at)];
            case 4:
                return bytes[..at];
            case 5 or 6:
                Span<byte> edge = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(edge, Edges[Below(Edges.Length)] + Below(3) - 1);
                edge = edge[..Math.Min(1 << Below(4), bytes.Length - at)];
                edge.CopyTo(bytes.AsSpan(at));
                return bytes;
            case 7:
                bytes[at] = Opcodes[Below(Opcodes.Length)];
                return bytes;
            case 8:
                byte[] word = Words[Below(Words.Length)];
                return [.. bytes.AsSpan(0, at), .. word, .. bytes.AsSpan(Math.Min(at + (Below(2) * word.Length), bytes.Length))];
            case 9:
                // A number as JSON has it, in as many digits.
                int digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
                if (digit >= 0)
                {
                    bytes[at + digit] = (byte)('0' + Below(10));
                }
                return bytes;
            case 10:
                byte[] other = seeds[Below(seeds.Length)];
                int from = Below(other.Length);
                int length = Math.Min(1 + Below(64), other.Length - from);
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(from, length), .. bytes.AsSpan(Math.Min(at + (Below(2) * length), bytes.Length))];
            default:
                // A run of the file itself again: things that may occur once occur twice.
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at, Math.Min(1 + Below(200), bytes.Length - at)), .. bytes.AsSpan(at)];
        }
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private int Below(int n)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((UInt128)(z ^ z >> 31) * (uint)n >> 64);
    }
}
