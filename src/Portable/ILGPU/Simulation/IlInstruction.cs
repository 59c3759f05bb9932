using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>One decoded instruction. Tokens are resolved to members, branch targets to absolute offsets.</summary>
internal sealed record IlInstruction(int Offset, OpCode Code, object? Operand);
