namespace Lacuna.Cli;

/// <summary>The command line asks for something that makes no sense. The message says what to write instead.</summary>
public sealed class UsageException(string message) : Exception(message);
