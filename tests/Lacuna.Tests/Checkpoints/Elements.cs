using System.Buffers.Binary;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>A stored tensor's elements as doubles.</summary>
internal static class Elements
{
    public static double[] Of(CheckpointTensor tensor)
    {
        int size = tensor.Type.ByteSize();
        var values = new double[tensor.Bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = One(tensor.Type, tensor.Bytes.Span.Slice(i * size, size));
        }
        return values;
    }

    private static double One(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes) << 16),
        ElementType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ElementType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ElementType.I8 => (sbyte)bytes[0],
        ElementType.U8 or ElementType.BOOL => bytes[0],
        ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
