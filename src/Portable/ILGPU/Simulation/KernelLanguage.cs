using System.Reflection;
using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>What ILGPU can compile for a device, as far as kernels here go: plain data, no objects, no exceptions, nothing of the base library.</summary>
internal static class KernelLanguage
{
    private static readonly Dictionary<string, string> Forbidden = new()
    {
        ["throw"] = "a kernel cannot throw",
        ["rethrow"] = "a kernel cannot throw",
        ["leave"] = "a kernel cannot have exception handlers",
        ["newarr"] = "a kernel cannot create arrays; use LocalMemory.Allocate",
        ["localloc"] = "a kernel cannot use stackalloc; use LocalMemory.Allocate",
        ["ldstr"] = "a kernel cannot use strings",
        ["ldsfld"] = "a kernel cannot read static fields; pass the value as a parameter or make it a const",
        ["ldsflda"] = "a kernel cannot read static fields; pass the value as a parameter or make it a const",
        ["stsfld"] = "a kernel cannot write static fields",
        ["box"] = "a kernel cannot box values",
        ["unbox"] = "a kernel cannot use objects",
        ["castclass"] = "a kernel cannot use objects",
        ["isinst"] = "a kernel cannot use objects",
        ["ldftn"] = "a kernel cannot use delegates",
        ["ldvirtftn"] = "a kernel cannot use delegates",
        ["calli"] = "a kernel cannot use function pointers",
        ["ldtoken"] = "a kernel cannot use types as values or arrays with initial values",
        ["ldlen"] = "a kernel cannot use arrays; use an ArrayView",
    };

    /// <summary>Why an instruction is not part of the language; null when it is.</summary>
    internal static string? Objection(OpCode code)
    {
        string name = code.Name!;
        string stem = name.Split('.')[0];
        if (name.Contains(".ovf", StringComparison.Ordinal))
            return "checked arithmetic throws, which a kernel cannot";
        if (stem is "ldelem" or "stelem" or "ldelema")
            return "a kernel cannot use arrays; use an ArrayView";
        return name is "ldind.ref" or "stind.ref" ? "a kernel cannot use objects" : Forbidden.GetValueOrDefault(stem);
    }

    internal static bool IsPartOfIlgpu(MethodBase method) => method.Module == typeof(KernelLanguage).Module;

    /// <summary>Of the base library only tuples are plain data with nothing behind them.</summary>
    internal static bool IsTuple(MethodBase method) => method.DeclaringType?.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true;

    internal static bool IsBaseLibrary(MethodBase method) =>
        method.Module.Assembly.GetName().Name is { } name && (name == "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal));
}
