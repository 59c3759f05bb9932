using System.Runtime.InteropServices;
using Lacuna.Kernels;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// Where a kernel's parameters lie in the block of memory that a launch hands over: in declaration order, each at its natural alignment, views as
/// {64-bit address, 64-bit length}. That is the parameter space of the PTX which ILGPU writes.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly string _kernel;
    private readonly KernelParameter[] _parameters;

    /// <param name="kernel">Whose parameters.</param>
    public ParameterLayout(KernelEntry kernel)
    {
        _kernel = kernel.Name;
        var parameters = kernel.Method.GetParameters();
        _parameters = new KernelParameter[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            _parameters[i] = KernelParameter.Of(parameters[i], Bytes);
            Bytes = _parameters[i].Offset + _parameters[i].Bytes;
        }
    }

    /// <summary>In declaration order.</summary>
    public IReadOnlyList<KernelParameter> Parameters => _parameters;

    /// <summary>Bytes up to the end of the last parameter.</summary>
    public int Bytes { get; }

    /// <summary>Writes arguments where the parameters lie; the bytes between them stay as they are.</summary>
    /// <param name="arguments">One for every parameter, in order.</param>
    /// <param name="block">At least <see cref="Bytes"/>.</param>
    /// <exception cref="ArgumentException">Too few or many, of another kind, out of the parameter's range, or a view that no such elements can lie at.</exception>
    public void Pack(ReadOnlySpan<KernelArgument> arguments, Span<byte> block)
    {
        if (arguments.Length != _parameters.Length)
            throw new ArgumentException($"{_kernel} takes {_parameters.Length} arguments ({string.Join(", ", _parameters.Select(p => p.Name))}), but was given {arguments.Length}.");
        for (var i = 0; i < _parameters.Length; i++) Pack(_parameters[i], arguments[i], block);
    }

    private void Pack(KernelParameter parameter, KernelArgument argument, Span<byte> block)
    {
        if (argument.Kind != parameter.Kind) throw Refused(parameter, argument, "");
        var place = block[parameter.Offset..];
        switch (parameter.Kind)
        {
            case KernelArgumentKind.View:
                if (argument.Length < 0 || (argument.Bits == 0 && argument.Length > 0)) throw Refused(parameter, argument, ", which is no memory");
                if (argument.Bits % parameter.ElementBytes != 0) throw Refused(parameter, argument, $", which is no multiple of {parameter.ElementBytes} bytes");
                MemoryMarshal.Write(place, argument.Bits);
                MemoryMarshal.Write(place[8..], argument.Length);
                break;
            case KernelArgumentKind.Integer when parameter.Bytes == 4:
                if (argument.Bits != (int)argument.Bits) throw Refused(parameter, argument, ", which 32 bits do not hold");
                MemoryMarshal.Write(place, (int)argument.Bits);
                break;
            case KernelArgumentKind.Real when parameter.Bytes == 4:
                MemoryMarshal.Write(place, (float)BitConverter.Int64BitsToDouble(argument.Bits));
                break;
            default:
                MemoryMarshal.Write(place, argument.Bits);
                break;
        }
    }

    private ArgumentException Refused(KernelParameter parameter, KernelArgument argument, string why)
    {
        var given = argument.Kind switch
        {
            KernelArgumentKind.View => $"a view of {argument.Length} elements at 0x{argument.Bits:x}",
            KernelArgumentKind.Integer => $"the integer {argument.Bits}",
            _ => FormattableString.Invariant($"the real {BitConverter.Int64BitsToDouble(argument.Bits)}"),
        };
        return new($"{_kernel}: '{parameter.Name}' is a {parameter.Type}, but was given {given}{why}.", parameter.Name);
    }
}
