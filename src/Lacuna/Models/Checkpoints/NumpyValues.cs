using System.Buffers.Binary;
using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>What numpy leaves in pickles: element types, numbers, and the bytes that protocol 2 writes as text.</summary>
/// <param name="path">For messages.</param>
/// <param name="fileLength">Bytes: no file holds more of them than it has itself.</param>
internal sealed class NumpyValues(string path, long fileLength)
{
    // Honest texts become bytes once each; a hostile file would do it with one text a million times.
    private const long Allowance = 1 << 20;

    private long _left = fileLength + Allowance;

    /// <summary>Harmless wherever they stand: a best accuracy computed with numpy is a number like any other.</summary>
    public static PickleGlobal[] Globals { get; } =
    [
        new("numpy.dtype", PickleGlobalKind.NumpyType),
        new("numpy.core.multiarray.scalar", PickleGlobalKind.NumpyScalar),
        new("numpy._core.multiarray.scalar", PickleGlobalKind.NumpyScalar),
        new("_codecs.encode", PickleGlobalKind.Encode),
        new("builtins.bytes", PickleGlobalKind.Bytes),
        new("__builtin__.bytes", PickleGlobalKind.Bytes),
    ];

    /// <summary>What calling one of them yields, or null where the arguments are none that numpy gives.</summary>
    public object? Call(PickleGlobal callee, object?[] arguments, long offset) => (callee.Kind, arguments) switch
    {
        (PickleGlobalKind.NumpyType, [var code, ..]) when Text(code) is { Length: <= 20 } text => new NumpyType(text),
        (PickleGlobalKind.NumpyScalar, [NumpyType type, PickleBytes bytes]) => Number(type, bytes.Bytes.Span),
        (PickleGlobalKind.NumpyScalar, [NumpyType type, _]) => new PickleOpaque($"numpy.{type.Code}"),
        (PickleGlobalKind.Encode, [string text, "latin1"]) => Encode(Encoding.UTF8.GetBytes(text), offset),
        (PickleGlobalKind.Encode, [PickleLongText text, "latin1"]) => Encode(text.Utf8.Span, offset),
        (PickleGlobalKind.Bytes, []) => new PickleBytes(default),
        _ => null,
    };

    /// <summary>Sets a type's byte order; its state is (version, order, …).</summary>
    /// <returns>Whether the state is one.</returns>
    public static bool Build(NumpyType type, object? state)
    {
        if (state is not (object?[] and [long, var order, ..]) || Text(order) is not { Length: 1 } text)
        {
            return false;
        }
        type.Order = text[0];
        return true;
    }

    /// <summary>Takes so much of what copies may add up to.</summary>
    public void Charge(long bytes, long offset)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new CheckpointException(path, offset, "the pickle makes more bytes than the file has. It is damaged: download or save it again.");
        }
    }

    /// <summary>A name, which Python 2 wrote as bytes.</summary>
    public static string? Text(object? value) => value switch
    {
        string text => text,
        PickleBytes bytes => Encoding.Latin1.GetString(bytes.Bytes.Span[..Math.Min(bytes.Bytes.Length, 4096)]),
        _ => null,
    };

    private static object Number(NumpyType type, ReadOnlySpan<byte> stored)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (stored.Length <= bytes.Length)
        {
            stored.CopyTo(bytes);
            if (type.Order == '>')
            {
                bytes[..stored.Length].Reverse();
            }
        }
        return (type.Code, stored.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ("i1", 1) => (long)(sbyte)bytes[0],
            // Beyond 2^63-1 an unsigned one is no count of anything.
            ("u1", 1) or ("u2", 2) or ("u4", 4) or ("u8", 8) when bytes[7] < 0x80 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("b1", 1) => bytes[0] != 0,
            _ => new PickleOpaque($"numpy.{type.Code}"),
        };
    }

    // Latin-1's letters from 128 on are two bytes in UTF-8, led by C2 or C3.
    private PickleBytes Encode(ReadOnlySpan<byte> utf8, long offset)
    {
        Charge(utf8.Length, offset);
        int length = utf8.Length;
        foreach (byte b in utf8)
        {
            length -= b >= 0xc0 ? 1 : 0;
        }
        var bytes = new byte[length];
        int at = 0;
        for (int i = 0; i < utf8.Length; i++)
        {
            byte b = utf8[i];
            if (b >= 0x80 && (b is not (0xc2 or 0xc3) || i + 1 == utf8.Length || (utf8[i + 1] & 0xc0) != 0x80))
            {
                throw new CheckpointException(path, offset, "a text that stands for bytes has a letter beyond 255. The file is damaged: download or save it again.");
            }
            bytes[at++] = b < 0x80 ? b : (byte)(b << 6 | utf8[++i] & 0x3f);
        }
        return new PickleBytes(bytes);
    }
}
