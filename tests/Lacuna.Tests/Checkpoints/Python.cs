using System.Diagnostics;

namespace Lacuna.Tests.Checkpoints;

/// <summary>A Python with PyTorch, where there is one: tests that need it are skipped elsewhere.</summary>
internal static class Python
{
    private static readonly string[] Candidates = ["/usr/bin/python3", "python3", "python"];

    private static readonly Lazy<(string? Path, string Reason)> Found = new(Find);

    /// <summary>Runs a script and gives its output; skips the test where there is no Python with PyTorch.</summary>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(Found.Value.Path is null, Found.Value.Reason);
        (int code, string output) = Execute(Found.Value.Path!, script, arguments);
        Assert.True(code == 0, output);
        return output;
    }

    private static (string? Path, string Reason) Find()
    {
        string reason = "";
        foreach (string path in Candidates)
        {
            try
            {
                (int code, string output) = Execute(path, "import torch", []);
                if (code == 0)
                {
                    return (path, "");
                }
                reason = $"{path}: {output.Trim().Split('\n')[^1]}";
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                reason = e.Message;
            }
        }
        return (null, $"There is no Python that imports torch ({reason}).");
    }

    private static (int Code, string Output) Execute(string path, string script, string[] arguments)
    {
        var start = new ProcessStartInfo(path, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
