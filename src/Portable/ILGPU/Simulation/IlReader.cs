using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>Decodes a method's IL (ECMA-335, partition III).</summary>
internal static class IlReader
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    internal static List<IlInstruction> Read(MethodBase method, MethodBody body)
    {
        byte[] il = body.GetILAsByteArray()!;
        Type[] typeArguments = method.DeclaringType?.GetGenericArguments() ?? [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var instructions = new List<IlInstruction>();
        int at = 0;
        while (at < il.Length)
        {
            int offset = at;
            short value = il[at++];
            if (value == 0xfe)
                value = unchecked((short)(0xfe00 | il[at++]));
            OpCode code = Codes[value];
            object? operand = code.OperandType == OperandType.InlineNone ? null : ReadOperand(code.OperandType);
            instructions.Add(new(offset, code, operand));
        }
        return instructions;

        object ReadOperand(OperandType type)
        {
            ReadOnlySpan<byte> rest = il.AsSpan(at);
            at += type switch
            {
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(rest),
                _ => 4,
            };
            return type switch
            {
                OperandType.ShortInlineBrTarget => at + (sbyte)rest[0],
                OperandType.InlineBrTarget => at + BinaryPrimitives.ReadInt32LittleEndian(rest),
                OperandType.ShortInlineI => (sbyte)rest[0],
                OperandType.ShortInlineVar => (int)rest[0],
                OperandType.InlineVar => (int)BinaryPrimitives.ReadUInt16LittleEndian(rest),
                OperandType.InlineI8 => BinaryPrimitives.ReadInt64LittleEndian(rest),
                OperandType.InlineR => BinaryPrimitives.ReadDoubleLittleEndian(rest),
                OperandType.ShortInlineR => BinaryPrimitives.ReadSingleLittleEndian(rest),
                OperandType.InlineSwitch => Targets(rest),
                OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok =>
                    method.Module.ResolveMember(BinaryPrimitives.ReadInt32LittleEndian(rest), typeArguments, methodArguments)!,
                _ => BinaryPrimitives.ReadInt32LittleEndian(rest),
            };
        }

        int[] Targets(ReadOnlySpan<byte> rest)
        {
            var targets = new int[BinaryPrimitives.ReadInt32LittleEndian(rest)];
            for (int i = 0; i < targets.Length; i++)
                targets[i] = at + BinaryPrimitives.ReadInt32LittleEndian(rest[(4 + 4 * i)..]);
            return targets;
        }
    }
}
