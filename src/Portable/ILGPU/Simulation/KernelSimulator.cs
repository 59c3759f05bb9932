using ILGPU;
using System.Linq.Expressions;
using System.Reflection;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// Runs kernels on the CPU with the groups, warps of 32 and barriers of a device, for tiny inputs: a correctness tool, not a fast path.
/// The kernel is run from an instrumented copy of its code, in which every memory access is checked. Groups run one after another and
/// the threads of a group in a fixed order, so results and errors repeat.
/// </summary>
public static class KernelSimulator
{
    private const int AutoGroupSize = 64;

    // Limits of every CUDA device (programming guide, table of compute capabilities).
    private const int MaxGroupSize = 1024;
    private const int MaxGroupDepth = 64;
    private const int MaxGridHeight = 65_535;

    /// <summary>Runs an explicitly grouped kernel, given as a call: <c>Run(config, () => InputSensitivity.Kernel(g, s, n, d))</c>.</summary>
    /// <exception cref="KernelFaultException">The kernel did what it must not do on a device.</exception>
    /// <exception cref="KernelLanguageException">The kernel uses what ILGPU cannot compile.</exception>
    public static void Run(KernelConfig config, Action kernel) => Run(config, kernel, AllGroups(config.GridDim));

    /// <summary>As <see cref="Run(KernelConfig, Action)"/>, but runs only the groups named, of a grid that may be too large to run whole.</summary>
    public static void Run(KernelConfig config, Action kernel, IEnumerable<Index3D> groups)
    {
        Require(config);
        var (body, name) = InstrumentedKernel.Create(kernel);
        Run(new(name, config.GridDim, config.GroupDim, config.SharedMemoryConfig, body), groups);
    }

    /// <summary>As <see cref="Run(KernelConfig, Action)"/> for a kernel that is known by its method, with one argument for every parameter.</summary>
    public static void Run(KernelConfig config, MethodInfo kernel, params object[] arguments)
    {
        Require(config);
        var values = arguments.Zip(kernel.GetParameters(), (value, parameter) => Expression.Constant(value, parameter.ParameterType));
        var invoke = Expression.Invoke(Expression.Constant(InstrumentedKernel.Create(kernel)), values);
        Run(new(CodeSites.MethodName(kernel), config.GridDim, config.GroupDim, config.SharedMemoryConfig, Expression.Lambda<Action>(invoke).Compile()), AllGroups(config.GridDim));
    }

    /// <summary>Runs a kernel once for every index below <paramref name="extent"/>, as ILGPU's auto-grouped launch does.</summary>
    /// <inheritdoc cref="Run(KernelConfig, Action)"/>
    public static void Run(Index1D extent, Action<Index1D> kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent.X, nameof(extent));
        var (body, name) = InstrumentedKernel.Create(kernel);
        var grid = new Index3D((extent.X + AutoGroupSize - 1) / AutoGroupSize, 1, 1);
        Run(new(name, grid, new(AutoGroupSize, 1, 1), default, () =>
        {
            Index1D index = Grid.GlobalIndex.X;
            if (index < extent)
                body(index);
        }), AllGroups(grid));
    }

    private static void Run(Launch launch, IEnumerable<Index3D> groups)
    {
        using var threads = new ThreadGroup(launch);
        foreach (Index3D group in groups)
            threads.Run(group);
    }

    private static void Require(KernelConfig config)
    {
        if (!config.IsValid || config.GroupDim.Size > MaxGroupSize || config.GroupDim.Z > MaxGroupDepth || config.GridDim.Y > MaxGridHeight || config.GridDim.Z > MaxGridHeight)
            throw new ArgumentException($"A grid of {config.GridDim} groups of {config.GroupDim} threads cannot be launched: no extent may be zero, a group has at most "
                + $"{MaxGroupSize} threads and {MaxGroupDepth} along z, a grid at most {MaxGridHeight} groups along y and z.", nameof(config));
    }

    private static IEnumerable<Index3D> AllGroups(Index3D grid) =>
        from z in Enumerable.Range(0, grid.Z)
        from y in Enumerable.Range(0, grid.Y)
        from x in Enumerable.Range(0, grid.X)
        select new Index3D(x, y, z);
}
