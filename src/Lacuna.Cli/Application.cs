using System.Runtime.InteropServices;
using CommandLine;
using CommandLine.Text;
using Lacuna.Cli.Verbs;
using Lacuna.Data;

namespace Lacuna.Cli;

/// <summary>Reads the command line, runs one verb, turns whatever happens into an exit code and one clear line.</summary>
/// <param name="output">stdout: results.</param>
/// <param name="error">stderr: progress and errors.</param>
/// <param name="clock">Time.</param>
public sealed class Application(TextWriter output, TextWriter error, TimeProvider clock)
{
    private static readonly Type[] Verbs = [typeof(DemoVerb), typeof(TrainVerb), typeof(UnlearnHelp), typeof(EvaluateVerb), typeof(VerifyVerb), typeof(DoctorVerb)];

    private static readonly Type[] UnlearnMethods =
        [typeof(UnlearnForgetVector), typeof(UnlearnMuMis), typeof(UnlearnInstanceWise), typeof(UnlearnNegativeGradient), typeof(UnlearnRetrain), typeof(UnlearnFineTune)];

    /// <summary>Runs one command.</summary>
    /// <returns>0 done, 1 failed, 2 usage, 130 interrupted.</returns>
    public int Run(string[] arguments, CancellationToken interrupt)
    {
        var host = new Host(output, error, clock, interrupt);
        try
        {
            if (arguments is ["help", "metrics", ..]) return MetricsHelp.Print(host);
            return arguments is ["unlearn", .. var rest] ? Dispatch(rest, UnlearnMethods, "lacuna unlearn", host) : Dispatch(arguments, Verbs, "lacuna", host);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            error.WriteLine("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is UsageException or ArgumentException or ForgetSetException)
        {
            return Say(e, ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ExternalException or DllNotFoundException or TypeInitializationException)
        {
            return Say(e, ExitCode.Failed);
        }
    }

    private int Dispatch(IReadOnlyList<string> arguments, Type[] verbs, string name, Host host)
    {
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.CaseInsensitiveEnumValues = true;
            settings.AutoVersion = false;
        });
        var parsed = parser.ParseArguments(arguments, verbs);
        return parsed.MapResult((object verb) => ((IVerb)verb).Run(host), errors => Help(parsed, [.. errors], name));
    }

    private int Help(ParserResult<object> parsed, IReadOnlyList<Error> errors, string name)
    {
        var asked = errors.All(e => e.Tag is ErrorType.HelpRequestedError or ErrorType.HelpVerbRequestedError);
        var text = HelpText.AutoBuild(parsed, help =>
        {
            help.Heading = $"{name}: makes trained image classifiers forget";
            help.Copyright = "";
            help.AdditionalNewLineAfterOption = false;
            help.AutoVersion = false;
            help.AddEnumValuesToHelpText = true;
            help.MaximumDisplayWidth = 120;
            return HelpText.DefaultParsingErrorsHandler(parsed, help);
        }, example => example, verbsIndex: parsed.TypeInfo.Current == typeof(NullInstance));
        (asked ? output : error).WriteLine(text);
        return asked ? ExitCode.Done : ExitCode.Usage;
    }

    private int Say(Exception e, int code)
    {
        // A missing native library surfaces as a type initialiser's failure; its cause is what helps.
        var cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
        // libtorch appends the C++ call stack to its messages.
        error.WriteLine("error: " + cause.Message.Split("\nException raised from")[0]);
        if (Environment.GetEnvironmentVariable("LACUNA_TRACE") == "1") error.WriteLine(e);
        return code;
    }
}
