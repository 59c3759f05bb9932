using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Lacuna.Gpu.Launch;

/// <summary>A parameter as compiled kernels take it: at its natural alignment, a view as address and 64-bit length.</summary>
/// <param name="Name">As in the source.</param>
/// <param name="Type">In C#'s words: <c>int</c>, <c>long</c>, <c>float</c>, <c>double</c> or <c>view of float</c> …</param>
/// <param name="Offset">First byte.</param>
/// <param name="Bytes">4, 8 or 16.</param>
public sealed record KernelParameter(string Name, string Type, int Offset, int Bytes)
{
    /// <summary>What arguments it takes.</summary>
    internal KernelArgumentKind Kind { get; private init; }

    /// <summary>Bytes of a view's element, which its address is a multiple of; 0 for numbers.</summary>
    internal int ElementBytes { get; private init; }

    /// <summary>The parameter of a kernel, behind <paramref name="end"/> bytes of others.</summary>
    internal static KernelParameter Of(ParameterInfo parameter, int end)
    {
        var type = parameter.ParameterType;
        var element = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>) ? type.GetGenericArguments()[0] : null;
        var (kind, bytes) = element is not null ? (KernelArgumentKind.View, 16)
            : type == typeof(int) ? (KernelArgumentKind.Integer, 4)
            : type == typeof(long) ? (KernelArgumentKind.Integer, 8)
            : type == typeof(float) ? (KernelArgumentKind.Real, 4)
            : type == typeof(double) ? (KernelArgumentKind.Real, 8)
            : throw new NotSupportedException($"Kernel {parameter.Member.DeclaringType?.Name}.{parameter.Member.Name} takes '{parameter.Name}' as {type}; kernels take views, int, long, float and double.");
        var alignment = Math.Min(bytes, 8);
        return new(parameter.Name ?? "", element is null ? Word(type) : "view of " + Word(element), (end + alignment - 1) / alignment * alignment, bytes)
        {
            Kind = kind,
            ElementBytes = element is null ? 0 : Marshal.SizeOf(element),
        };
    }

    private static string Word(Type type) => System.Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        _ => type.Name,
    };
}
