namespace Lacuna.Cli;

/// <summary>A command line as text that a POSIX shell reads as the same words again.</summary>
internal static class CommandText
{
    /// <summary>The program's name and its arguments, quoted where a shell would take them apart.</summary>
    public static string Of(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quoted).Prepend("lacuna"));

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,+%=@".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";
}
