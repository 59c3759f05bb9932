using System.Reflection;

namespace Lacuna.Portable.Simulation;

/// <summary>Numbers for the places in kernels where threads meet or allocate, and names for messages.</summary>
internal static class CodeSites
{
    private static readonly List<string> Names = ["unknown place"];

    internal static int Add(MethodBase method, int offset)
    {
        lock (Names)
        {
            Names.Add($"{MethodName(method)} at IL offset 0x{offset:x}");
            return Names.Count - 1;
        }
    }

    internal static string Name(int site)
    {
        lock (Names)
            return Names[site];
    }

    internal static string MethodName(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";
}
