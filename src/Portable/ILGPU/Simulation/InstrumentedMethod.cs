using System.Reflection;
using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// Writes a copy of one method in which memory instructions call <see cref="MemoryProbe"/>, and checks on the way that the method
/// keeps to the kernel language. A reference that an indexer returns does not tell whether it will be read or written; the
/// instruction that uses it does.
/// </summary>
internal sealed class InstrumentedMethod
{
    private static readonly Dictionary<OpCode, Type> Indirect = new()
    {
        [OpCodes.Ldind_I1] = typeof(sbyte), [OpCodes.Ldind_U1] = typeof(byte), [OpCodes.Ldind_I2] = typeof(short), [OpCodes.Ldind_U2] = typeof(ushort),
        [OpCodes.Ldind_I4] = typeof(int), [OpCodes.Ldind_U4] = typeof(uint), [OpCodes.Ldind_I8] = typeof(long), [OpCodes.Ldind_I] = typeof(nint),
        [OpCodes.Ldind_R4] = typeof(float), [OpCodes.Ldind_R8] = typeof(double),
        [OpCodes.Stind_I1] = typeof(byte), [OpCodes.Stind_I2] = typeof(short), [OpCodes.Stind_I4] = typeof(int), [OpCodes.Stind_I8] = typeof(long),
        [OpCodes.Stind_I] = typeof(nint), [OpCodes.Stind_R4] = typeof(float), [OpCodes.Stind_R8] = typeof(double),
    };
    private static readonly Dictionary<string, OpCode> ByName = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Name!);

    private readonly MethodBase method;
    private readonly MethodBase[] callers;
    private readonly MethodBody body;
    private readonly List<IlInstruction> instructions;
    private readonly Type[] parameters;
    private readonly DynamicMethod copy;
    private readonly ILGenerator il;
    private readonly HashSet<MethodBase> callees = [];
    private Type? constrained;

    internal InstrumentedMethod(MethodBase method, MethodBase[] callers)
    {
        this.method = method;
        this.callers = callers;
        body = method.GetMethodBody() ?? throw Objection(0, "it has no IL body");
        if (callers.Contains(method))
            throw Objection(0, "a kernel cannot recurse");
        if (body.ExceptionHandlingClauses.Count > 0)
            throw Objection(0, "a kernel cannot have exception handlers");
        instructions = IlReader.Read(method, body);
        Type[] self = method.IsStatic ? [] : [method.DeclaringType!.IsValueType ? method.DeclaringType.MakeByRefType() : method.DeclaringType];
        parameters = [.. self, .. method.GetParameters().Select(p => p.ParameterType)];
        Type result = method is MethodInfo { ReturnType: var type } ? type : typeof(void);
        copy = new DynamicMethod(CodeSites.MethodName(method), result, parameters, method.Module, skipVisibility: true);
        il = copy.GetILGenerator();
    }

    /// <summary>The one method of ours that the code calls; null when there are more or none.</summary>
    internal MethodBase? OnlyCallee => callees.Count == 1 ? callees.Single() : null;

    // The launch's lambda, and what it calls on objects it captured, is host code around the kernel: it may use those objects.
    private bool IsHost => callers.Length == 0 || IsOfObject(method);

    internal DynamicMethod Write()
    {
        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            if (local.LocalType.IsPointer)
                throw Objection(0, "a kernel cannot use pointers; use an ArrayView");
            il.DeclareLocal(local.LocalType, local.IsPinned);
        }
        Dictionary<int, Label> labels = instructions.ToDictionary(instruction => instruction.Offset, _ => il.DefineLabel());
        for (int i = 0; i < instructions.Count; i++)
        {
            IlInstruction instruction = instructions[i];
            il.MarkLabel(labels[instruction.Offset]);
            if (KernelLanguage.Objection(instruction.Code) is { } objection)
                throw Objection(instruction.Offset, objection);
            if (!WriteMemoryAccess(instruction, i))
                WritePlain(instruction, labels);
        }
        return copy;
    }

    private bool WriteMemoryAccess(IlInstruction instruction, int position)
    {
        OpCode code = instruction.Code;
        if (code == OpCodes.Volatile || code == OpCodes.Unaligned)
            return true; // the probe's access is a call, which nothing is moved across
        if (code == OpCodes.Ldobj || Indirect.ContainsKey(code) && code.Name!.StartsWith("ld", StringComparison.Ordinal))
            Probe(nameof(MemoryProbe.Load), instruction.Operand as Type ?? Indirect[code]);
        else if (code == OpCodes.Stobj || Indirect.ContainsKey(code))
            Probe(nameof(MemoryProbe.Store), instruction.Operand as Type ?? Indirect[code]);
        else if (code == OpCodes.Initobj && !IsOwnVariable(position - 1))
            Probe(nameof(MemoryProbe.Clear), (Type)instruction.Operand!);
        else if (code == OpCodes.Ldfld && instruction.Operand is FieldInfo { DeclaringType.IsValueType: true } read && GivesAddress(position - 1) && !IsOwnVariable(position - 1))
        {
            il.Emit(OpCodes.Ldflda, read);
            Probe(nameof(MemoryProbe.Load), read.FieldType);
        }
        else if (code == OpCodes.Stfld && instruction.Operand is FieldInfo { DeclaringType.IsValueType: true } written)
        {
            LocalBuilder value = il.DeclareLocal(written.FieldType);
            il.Emit(OpCodes.Stloc, value);
            il.Emit(OpCodes.Ldflda, written);
            il.Emit(OpCodes.Ldloc, value);
            Probe(nameof(MemoryProbe.Store), written.FieldType);
        }
        else
            return false;
        return true;
    }

    private void Probe(string name, Type element) =>
        il.Emit(OpCodes.Call, typeof(MemoryProbe).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element));

    private bool IsOwnVariable(int position) =>
        position >= 0 && instructions[position].Code.Name!.Split('.')[0] is "ldloca" or "ldarga";

    /// <summary>Whether an instruction leaves the address of a value rather than the value: ldfld takes either.</summary>
    private bool GivesAddress(int position)
    {
        if (position < 0)
            return false;
        IlInstruction instruction = instructions[position];
        string[] name = instruction.Code.Name!.Split('.');
        return name[0] switch
        {
            "ldflda" or "ldloca" or "ldarga" => true,
            "dup" => GivesAddress(position - 1),
            "ldarg" => parameters[Number(instruction, name)].IsByRef,
            "ldloc" => body.LocalVariables[Number(instruction, name)].LocalType.IsByRef,
            "call" or "callvirt" => instruction.Operand is MethodInfo { ReturnType.IsByRef: true },
            _ => false,
        };
    }

    private static int Number(IlInstruction instruction, string[] name) => instruction.Operand as int? ?? int.Parse(name[1]);

    private void WritePlain(IlInstruction instruction, Dictionary<int, Label> labels)
    {
        OpCode code = instruction.Code;
        switch (instruction.Operand)
        {
            case null:
                il.Emit(code);
                break;
            case int target when code.OperandType is OperandType.InlineBrTarget:
                il.Emit(code, labels[target]);
                break;
            case int target when code.OperandType is OperandType.ShortInlineBrTarget:
                il.Emit(ByName[code.Name!.Replace(".s", "")], labels[target]); // probes make the way longer
                break;
            case int variable when code.OperandType is OperandType.ShortInlineVar or OperandType.InlineVar:
                il.Emit(ByName[code.Name!.Replace(".s", "")], (short)variable);
                break;
            case int[] targets:
                il.Emit(code, Array.ConvertAll(targets, target => labels[target]));
                break;
            case sbyte value:
                il.Emit(code, value);
                break;
            case int value:
                il.Emit(code, value);
                break;
            case long value:
                il.Emit(code, value);
                break;
            case float value:
                il.Emit(code, value);
                break;
            case double value:
                il.Emit(code, value);
                break;
            case FieldInfo field:
                il.Emit(code, field);
                break;
            case Type type when code == OpCodes.Constrained:
                constrained = type;
                break;
            case Type type:
                il.Emit(code, type);
                break;
            case MethodBase callee:
                WriteCall(instruction, callee);
                break;
            default:
                throw Objection(instruction.Offset, $"{code.Name} is not part of the kernel language");
        }
    }

    private void WriteCall(IlInstruction instruction, MethodBase callee)
    {
        if (constrained is { } type)
        {
            callee = Implementation(type, (MethodInfo)callee) ?? throw Objection(instruction.Offset, $"{type.Name} does not implement {callee.Name} itself");
            constrained = null;
        }
        if (KernelLanguage.IsPartOfIlgpu(callee) || KernelLanguage.IsTuple(callee))
        {
            WriteSite(instruction, callee);
            WriteDirect(instruction.Code, callee);
        }
        else if (IsHost && IsOfObject(callee) && KernelLanguage.IsBaseLibrary(callee))
            WriteDirect(instruction.Code, callee);
        else if (KernelLanguage.IsBaseLibrary(callee))
            throw Objection(instruction.Offset, $"{CodeSites.MethodName(callee)} is not part of the kernel language; for mathematics use XMath");
        else if (!IsHost && IsOfObject(callee))
            throw Objection(instruction.Offset, "a kernel cannot use objects");
        else
        {
            callees.Add(callee);
            DynamicMethod instrumented = new InstrumentedMethod(callee, [.. callers, method]).Write();
            // A constructor that makes a value on the stack cannot be replaced; it touches nothing but that value.
            if (instruction.Code == OpCodes.Newobj)
                WriteDirect(instruction.Code, callee);
            else
                il.Emit(OpCodes.Call, instrumented);
        }
    }

    private static bool IsOfObject(MethodBase callee) => !callee.IsStatic && !callee.DeclaringType!.IsValueType;

    private void WriteDirect(OpCode code, MethodBase callee)
    {
        if (callee is ConstructorInfo constructor)
            il.Emit(code, constructor);
        else
            il.Emit(code == OpCodes.Callvirt && callee.DeclaringType!.IsValueType ? OpCodes.Call : code, (MethodInfo)callee);
    }

    private void WriteSite(IlInstruction instruction, MethodBase callee)
    {
        if (callee.DeclaringType != typeof(ILGPU.Group) && callee.DeclaringType != typeof(ILGPU.Warp) &&
            callee.DeclaringType != typeof(ILGPU.SharedMemory) && callee.DeclaringType != typeof(ILGPU.LocalMemory))
            return;
        il.Emit(OpCodes.Ldc_I4, CodeSites.Add(method, instruction.Offset));
        il.Emit(OpCodes.Call, typeof(MemoryProbe).GetMethod(nameof(MemoryProbe.At), BindingFlags.NonPublic | BindingFlags.Static)!);
    }

    private static MethodInfo? Implementation(Type type, MethodInfo declared)
    {
        if (declared.DeclaringType is not { IsInterface: true } contract)
            return declared.DeclaringType == type ? declared : null;
        MethodInfo open = declared.IsGenericMethod ? declared.GetGenericMethodDefinition() : declared;
        InterfaceMapping map = type.GetInterfaceMap(contract);
        int index = Array.FindIndex(map.InterfaceMethods, candidate => candidate.MetadataToken == open.MetadataToken);
        if (index < 0)
            return null;
        MethodInfo found = map.TargetMethods[index];
        return declared.IsGenericMethod ? found.MakeGenericMethod(declared.GetGenericArguments()) : found;
    }

    private KernelLanguageException Objection(int offset, string what) => new(CodeSites.MethodName(method), offset, what);
}
