using System.Collections.Frozen;
using System.Reflection;

namespace Lacuna.Kernels;

/// <summary>A kernel as the launch knows it.</summary>
/// <param name="Name">Class and method, for example <c>InputSensitivity.Kernel</c>.</param>
/// <param name="Method">What is compiled.</param>
/// <param name="GroupSize">Threads of a group.</param>
/// <param name="Exact">Whether no smaller group will do.</param>
public sealed record KernelEntry(string Name, MethodInfo Method, int GroupSize, bool Exact);

/// <summary>Every kernel of this assembly, by name.</summary>
public static class KernelCatalogue
{
    private static readonly FrozenDictionary<string, KernelEntry> ByName = Find().ToFrozenDictionary(entry => entry.Name);

    /// <summary>All kernels, by name in ordinal order.</summary>
    public static IReadOnlyList<KernelEntry> All { get; } = [.. ByName.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <summary>A hash of the kernels' source files, the same for every build of them.</summary>
    public static string Sources { get; } =
        typeof(KernelCatalogue).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "KernelSources").Value ?? "";

    /// <summary>The kernel of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static KernelEntry Get(string name) =>
        ByName.TryGetValue(name, out KernelEntry? entry) ? entry : throw new ArgumentException($"There is no kernel '{name}'. There are {string.Join(", ", ByName.Keys)}.", nameof(name));

    private static IEnumerable<KernelEntry> Find() =>
        from type in typeof(KernelCatalogue).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let mark = method.GetCustomAttribute<DeviceKernelAttribute>()
        where mark is not null
        select new KernelEntry($"{type.Name}.{method.Name}", method, mark.GroupSize, mark.Exact);
}
