using CommandLine;

namespace Lacuna.Cli.Verbs;

/// <summary>Stands in the list of verbs; <see cref="Application"/> hands "unlearn METHOD" to the method's own verb.</summary>
[Verb("unlearn", HelpText = "Forget with one method on your checkpoint and data: unlearn METHOD; 'unlearn --help' lists the methods.")]
internal sealed class UnlearnHelp;
