namespace Lacuna.Gpu.Launch;

/// <summary>How many groups a launch wants.</summary>
/// <param name="X">Groups along x; none means that nothing is launched.</param>
/// <param name="Y">Groups along y.</param>
/// <param name="Exact">Whether the kernel's result needs exactly these, as when every group writes one partial sum.</param>
public readonly record struct LaunchSize(long X, long Y, bool Exact)
{
    /// <summary>Groups for so many pieces of work of one group each; fewer when the device holds fewer at once, since kernels stride over their grid.</summary>
    public static LaunchSize For(long groups) => new(groups, 1, false);

    /// <summary>Groups for <paramref name="elements"/> that a group takes <paramref name="perGroup"/> of at a time.</summary>
    public static LaunchSize ForElements(long elements, long perGroup) => For(elements / perGroup + (elements % perGroup == 0 ? 0 : 1));

    /// <summary>Exactly this grid.</summary>
    public static LaunchSize Exactly(long x, long y = 1) => new(x, y, true);
}
