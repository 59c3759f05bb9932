using System.Text.Json;
using Lacuna.Cli;

namespace Lacuna.Tests.Cli;

/// <summary>What one call of the program said.</summary>
internal sealed record Said(int Code, string Out, string Error)
{
    /// <summary>stdout as the one JSON document that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Runs the program inside this process.</summary>
    public static Said By(params string[] arguments) => By(CancellationToken.None, arguments);

    /// <summary>Runs it with an interrupt.</summary>
    public static Said By(CancellationToken interrupt, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = new Application(output, error, TimeProvider.System).Run(arguments, interrupt);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Demands an exit code, and shows what was said when it is another.</summary>
    public Said Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code} where {code} was expected\nstdout: {Out}\nstderr: {Error}");
        return this;
    }

    /// <summary>Demands a failure: this exit code, nothing on stdout, and these words, without a stack trace, on stderr.</summary>
    public void Refuses(int code, params string[] words)
    {
        Expect(code);
        Assert.Equal("", Out);
        Assert.StartsWith("error: ", Error);
        Assert.All(words, word => Assert.Contains(word, Error));
        Assert.DoesNotContain("   at ", Error);
    }
}
