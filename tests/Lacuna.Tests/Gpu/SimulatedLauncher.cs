using System.Reflection;
using ILGPU;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>
/// Runs launches in the kernel simulator, in the memory of tensors of the CPU: what a device would do, found without one. Groups are small, and the grid
/// never covers the work at once where the kernel may stride.
/// </summary>
internal sealed class SimulatedLauncher : IKernelLauncher
{
    private const int Threads = 64;
    private const int Groups = 3;

    /// <summary>Kernels launched, in order.</summary>
    public List<string> Launched { get; } = [];

    /// <inheritdoc/>
    public bool Serves(Device device) => device.type == TorchSharp.DeviceType.CPU;

    /// <inheritdoc/>
    public void Launch(string kernel, Device device, LaunchSize size, params ReadOnlySpan<KernelArgument> arguments)
    {
        var entry = KernelCatalogue.Get(kernel);
        var parameters = entry.Method.GetParameters();
        if (arguments.Length != parameters.Length) throw new ArgumentException($"{kernel} takes {parameters.Length} arguments, not {arguments.Length}.");
        Launched.Add(kernel);
        if (size.X == 0 || size.Y == 0) return;
        var values = new object[parameters.Length];
        var arrays = new List<IDisposable>();
        for (var i = 0; i < values.Length; i++) values[i] = Value(parameters[i], arguments[i], arrays);
        var grid = size.Exact ? new Index2D((int)size.X, (int)size.Y) : new Index2D((int)Math.Min(size.X, Groups), (int)Math.Min(size.Y, Groups));
        var group = entry.Exact ? entry.GroupSize : Math.Min(entry.GroupSize, Threads);
        try
        {
            KernelSimulator.Run(new KernelConfig(grid, new Index2D(group, 1)), entry.Method, values);
        }
        finally
        {
            arrays.ForEach(array => array.Dispose());
        }
    }

    private static object Value(ParameterInfo parameter, KernelArgument argument, List<IDisposable> arrays)
    {
        var type = parameter.ParameterType;
        return argument.Kind switch
        {
            KernelArgumentKind.View when type.IsGenericType => typeof(SimulatedLauncher).GetMethod(nameof(ViewOf), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(null, [argument, arrays])!,
            KernelArgumentKind.Integer when type == typeof(int) || type == typeof(long) => Convert.ChangeType(argument.Bits, type),
            KernelArgumentKind.Real when type == typeof(float) || type == typeof(double) => Convert.ChangeType(BitConverter.Int64BitsToDouble(argument.Bits), type),
            _ => throw new ArgumentException($"'{parameter.Name}' is a {type}, but was given a {argument.Kind}."),
        };
    }

    private static unsafe ArrayView<T> ViewOf<T>(KernelArgument argument, List<IDisposable> arrays) where T : unmanaged
    {
        var array = SimulatedArray<T>.Over((T*)argument.Bits, argument.Length);
        arrays.Add(array);
        return array.View;
    }
}
