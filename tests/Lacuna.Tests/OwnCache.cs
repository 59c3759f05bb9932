using System.Runtime.CompilerServices;

namespace Lacuna.Tests;

/// <summary>The tests keep nothing in the cache of whoever runs them, and find nothing there.</summary>
internal static class OwnCache
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("lacuna-test-cache-").FullName;

    [ModuleInitializer]
    internal static void Begin()
    {
        Set();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Points there again after a test that had a cache of its own.</summary>
    internal static void Set() => Environment.SetEnvironmentVariable("LACUNA_CACHE", Folder);
}
