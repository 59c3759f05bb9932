using CommandLine;

namespace Lacuna.Cli.Verbs;

/// <summary>Stands in the list of verbs; <see cref="Application"/> hands "data VERB" to the verb of that name.</summary>
[Verb("data", HelpText = "Look at data sets, pack folders of images, download public sets: data VERB; 'data --help' lists the verbs.")]
internal sealed class DataHelp;
