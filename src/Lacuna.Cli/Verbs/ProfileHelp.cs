using CommandLine;

namespace Lacuna.Cli.Verbs;

/// <summary>Stands in the list of verbs; <see cref="Application"/> hands "profile METHOD" to the method's own verb.</summary>
[Verb("profile", HelpText = "Show where a method's time goes, with the options of 'unlearn': profile METHOD; 'profile --help' lists the methods.")]
internal sealed class ProfileHelp;
