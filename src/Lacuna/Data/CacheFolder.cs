namespace Lacuna.Data;

/// <summary>The place for what can be made anew: compiled kernels, packed image sets.</summary>
internal static class CacheFolder
{
    private const string Variable = "LACUNA_CACHE";

    /// <summary>Where LACUNA_CACHE points; else a folder of ours in the system's place for caches.</summary>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return Path.GetFullPath(given);
            var asked = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : asked is ['/', ..] ? asked
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(caches, "lacuna");
        }
    }
}
