using System.Text.Json;
using Lacuna.Runs;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>What a verb works with: results go to stdout, everything else to stderr.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress, warnings, errors.</param>
/// <param name="Clock">Time.</param>
/// <param name="Interrupt">Set by Ctrl-C.</param>
internal sealed record Host(TextWriter Out, TextWriter Error, TimeProvider Clock, CancellationToken Interrupt)
{
    /// <summary>A console that draws tables on stdout, without colour codes when it is not a terminal.</summary>
    public IAnsiConsole Screen { get; } = Console(Out, System.Console.IsOutputRedirected || Out != System.Console.Out);

    /// <summary>The command line as it can be pasted again; runs keep it.</summary>
    public string Command { get; init; } = "";

    /// <summary>Whether someone watches stderr on a terminal, where a line can be drawn over.</summary>
    public bool ErrorIsTerminal { get; init; } = Error == System.Console.Error && !System.Console.IsErrorRedirected;

    /// <summary>One JSON document on stdout.</summary>
    public void WriteJson<T>(T record) => Out.WriteLine(JsonSerializer.Serialize(record, RunJson.Options));

    /// <summary>A line of warning on stderr.</summary>
    public void Warn(string text) => Error.WriteLine("warning: " + text);

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        // A file has no width; what reads it should not find lines broken at 80.
        if (redirected) console.Profile.Width = 200;
        return console;
    }
}
