namespace Lacuna.Gpu.Launch;

/// <summary>A kernel that is loaded on a device.</summary>
/// <param name="Function">The driver's handle.</param>
/// <param name="Module">What it was loaded with.</param>
/// <param name="Layout">Its parameters.</param>
/// <param name="Threads">Of a group.</param>
/// <param name="ResidentGroups">As many as the device holds at once.</param>
internal sealed record CudaKernel(nint Function, nint Module, ParameterLayout Layout, int Threads, long ResidentGroups)
{
    // Limits of every CUDA device since compute capability 3.0.
    private const long MostX = int.MaxValue;
    private const long MostY = 65535;

    /// <summary>
    /// The grid for a launch: what it asks for where it is exact, else no more than the device holds at once, since further groups would only wait.
    /// </summary>
    /// <exception cref="ArgumentException">No CUDA device can launch so many.</exception>
    public (uint X, uint Y) Grid(LaunchSize size, string kernel)
    {
        if (size.X < 0 || size.Y < 0 || (size.Exact && (size.X > MostX || size.Y > MostY)))
            throw new ArgumentException($"{kernel}: a grid of {size.X} x {size.Y} groups cannot be launched; CUDA takes {MostX} x {MostY}. Give it less at a time.");
        if (size.Exact) return ((uint)size.X, (uint)size.Y);
        var y = Math.Min(size.Y, Math.Min(MostY, ResidentGroups));
        return ((uint)Math.Min(size.X, Math.Max(1, ResidentGroups / y)), (uint)y);
    }
}
