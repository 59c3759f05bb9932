using CommandLine;
using Lacuna.Data;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of the data verbs that open a set.</summary>
internal abstract class DataVerb : IDataChoice
{
    [Option("labels", HelpText = Words.Labels)]
    public CifarLabels? Labels { get; set; }

    [Option("resize", HelpText = Words.Resize)]
    public int? Resize { get; set; }

    [Option("split-file", HelpText = Words.SplitFile)]
    public string? SplitFile { get; set; }

    [Option("hold-out", HelpText = Words.HoldOut)]
    public string? HoldOut { get; set; }

    [Option("skip-bad", HelpText = Words.SkipBad)]
    public bool SkipBad { get; set; }

    [Option("json", HelpText = Words.Json)]
    public bool Json { get; set; }

    [Option("quiet", HelpText = Words.Quiet)]
    public bool Quiet { get; set; }

    // What networks are given is no matter of the set itself.
    int? IDataChoice.Size => null;

    /// <summary>Examples in the help name what differs from the defaults.</summary>
    protected static UnParserSettings Brief { get; } = new() { SkipDefault = true };
}
