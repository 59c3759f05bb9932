using Lacuna.Models;

namespace Lacuna.Cli.Verbs;

/// <summary>Help that is made from what the engine has. Public because the parser reads it as a resource.</summary>
public static class HelpTexts
{
    /// <summary>For options that name an architecture to build.</summary>
    public static string Architecture => $"The network (default: cnn-s): {ModelZoo.Names}. 'lacuna models' says more.";

    /// <summary>For options that name the architecture of a file.</summary>
    public static string FileArchitecture => $"Its architecture, if the file does not say: {ModelZoo.Names}.";
}
