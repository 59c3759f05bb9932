namespace Lacuna.Tests;

/// <summary>Finds the folder of reference files and whole data sets that stands beside the checkout; tests that need it skip where it is missing.</summary>
internal static class SharedData
{
    private const string Variable = "LACUNA_SHARED";

    /// <summary>The folder: where LACUNA_SHARED points, else <c>shared</c> beside the folder that holds Engine.sln; null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder in it; skips the test where it is missing.</summary>
    public static string Require(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, relative);
        Assert.SkipUnless(path is not null && Path.Exists(path), $"../shared/{relative} is not beside this checkout (or set {Variable}).");
        return path!;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
        }
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Engine.sln")))
            {
                string shared = Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared");
                return Directory.Exists(shared) ? shared : null;
            }
        }
        return null;
    }
}
