using System.Buffers.Binary;
using System.Text;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Writes pickles opcode by opcode, sound and hostile ones.</summary>
internal sealed class PickleBuilder
{
    private readonly MemoryStream _bytes = new();

    public PickleBuilder() => Raw(0x80, 2);

    public byte[] ToArray() => _bytes.ToArray();

    public PickleBuilder Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBuilder Op(params ReadOnlySpan<char> opcodes)
    {
        foreach (char opcode in opcodes)
        {
            _bytes.WriteByte((byte)opcode);
        }
        return this;
    }

    public PickleBuilder Global(string module, string name) => Op('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Int32(utf8.Length).Raw(utf8);
    }

    public PickleBuilder Int(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8a, 8).Raw(bytes);
    }

    public PickleBuilder Ints(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (long value in values)
        {
            Int(value);
        }
        return Op('t');
    }

    /// <summary>('storage', torch.FloatStorage, key, 'cpu', count) and BINPERSID.</summary>
    public PickleBuilder Storage(string key, long count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count).Op("tQ");

    /// <summary>A call of _rebuild_tensor_v2 on a new storage description.</summary>
    public PickleBuilder Tensor(string key, long count, long begin, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count)
            .Int(begin).Ints(shape).Ints(strides).Raw(0x89).Global("collections", "OrderedDict").Op(")RtR");

    private PickleBuilder Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
