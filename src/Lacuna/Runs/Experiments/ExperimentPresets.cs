using System.Reflection;

namespace Lacuna.Runs.Experiments;

/// <summary>The experiments inside the engine, by name.</summary>
public static class ExperimentPresets
{
    private const string Prefix = "Lacuna.Experiments.";
    private const string Ending = ".yaml";

    /// <summary>Their names: that of the report first, then those of the papers.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Ending.Length]).OrderBy(name => name != "bundled").ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>Reads a preset.</summary>
    public static ExperimentPlan Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Ending)!);
        return ExperimentFile.Parse(reader.ReadToEnd(), name);
    }

    /// <summary>A preset by its name, else a file.</summary>
    /// <exception cref="ExperimentFileException">It is neither, or no experiment.</exception>
    public static ExperimentPlan Open(string fileOrName) => Names.Contains(fileOrName) && !File.Exists(fileOrName) ? Read(fileOrName) : ExperimentFile.Read(fileOrName);
}
