using System.Diagnostics;
using Lacuna.Cli;

namespace Lacuna.Tests.Cli;

public sealed class CommandTextTests
{
    /// <summary>A shell reads back the words that were given, whatever is in them.</summary>
    [Fact]
    public void AShellReadsTheSameWords()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no /bin/sh.");
        string[] words = ["unlearn", "mu-mis", "--forget", "random:10%@class:0,1", "--out", "a folder/it's \"mine\" $HOME `id` *?[a] \\ ~ ; & | < > ( ) { } ! # é", "", "line\nbreak"];
        var text = CommandText.Of(words);
        Assert.StartsWith("lacuna unlearn mu-mis --forget random:10%@class:0,1 --out 'a folder/it'\\''s", text);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "lacuna() { for word in \"$@\"; do printf '%s\\036' \"$word\"; done; }; " + text]) { RedirectStandardOutput = true })!;
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal(words, said.Split('\u001e')[..^1]);
    }
}
