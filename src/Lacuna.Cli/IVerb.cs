namespace Lacuna.Cli;

/// <summary>One command: its options are its properties.</summary>
internal interface IVerb
{
    /// <summary>Does it and returns the exit code.</summary>
    int Run(Host host);
}
