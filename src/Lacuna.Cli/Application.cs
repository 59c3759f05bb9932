using System.Reflection;
using System.Runtime.InteropServices;
using CommandLine;
using CommandLine.Text;
using Lacuna.Cli.Verbs;
using Lacuna.Data;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;

namespace Lacuna.Cli;

/// <summary>Reads the command line, runs one verb, turns whatever happens into an exit code and one clear line.</summary>
/// <param name="output">stdout: results.</param>
/// <param name="error">stderr: progress and errors.</param>
/// <param name="clock">Time.</param>
public sealed class Application(TextWriter output, TextWriter error, TimeProvider clock)
{
    private const string Help = "--help";

    private static readonly Type[] Verbs =
    [
        typeof(DemoVerb), typeof(TrainVerb), typeof(UnlearnHelp), typeof(ProfileHelp), typeof(EvaluateVerb), typeof(ExperimentVerb), typeof(ReportVerb), typeof(SensitivityVerb), typeof(DataHelp),
        typeof(ModelsVerb), typeof(InspectVerb), typeof(ConvertVerb), typeof(VerifyVerb), typeof(KernelsVerb), typeof(BenchVerb), typeof(DoctorVerb),
    ];

    private static readonly Type[] UnlearnMethods =
        [typeof(RunForgetVector), typeof(RunCompose), typeof(RunMuMis), typeof(RunInstanceWise), typeof(RunNegativeGradient), typeof(RunRetrain), typeof(RunFineTune)];

    private static readonly Type[] ProfileMethods =
        [typeof(ProfileForgetVector), typeof(ProfileCompose), typeof(ProfileMuMis), typeof(ProfileInstanceWise), typeof(ProfileNegativeGradient), typeof(ProfileRetrain), typeof(ProfileFineTune)];

    private static readonly Type[] DataVerbs = [typeof(DataList), typeof(DataPack), typeof(DataVerify), typeof(DataShow), typeof(DataGet)];

    /// <summary>Runs one command.</summary>
    /// <returns>0 done, 1 failed, 2 usage, 130 interrupted.</returns>
    public int Run(string[] arguments, CancellationToken interrupt)
    {
        var host = new Host(output, error, clock, interrupt) { Command = CommandText.Of(arguments) };
        try
        {
            return Canonical(arguments) switch
            {
                ["help", "metrics"] => MetricsHelp.Print(host),
                ["help", "metrics", var symbol] => MetricsHelp.Print(host, symbol),
                ["--version"] => Version(),
                ["unlearn", .. var rest] => Dispatch(rest, UnlearnMethods, "lacuna unlearn", host),
                ["profile", .. var rest] => Dispatch(rest, ProfileMethods, "lacuna profile", host),
                ["data", .. var rest] => Dispatch(rest, DataVerbs, "lacuna data", host),
                var all => Dispatch(all, Verbs, "lacuna", host),
            };
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            error.WriteLine("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is UsageException or ArgumentException or ForgetSetException or ExperimentFileException)
        {
            return Say(e, ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ExternalException or DllNotFoundException or TypeInitializationException)
        {
            return Say(e, ExitCode.Failed);
        }
        catch (Exception e)
        {
            // Nothing that was foreseen: a mistake of ours, or a file damaged in a new way. Still no stack trace unasked.
            Say(e, ExitCode.Failed);
            error.WriteLine($"This was not foreseen ({e.GetType().Name}). Set LACUNA_TRACE=1 to see where it happened, and please report it.");
            return ExitCode.Failed;
        }
    }

    /// <summary>The ways in which people ask for help, as the one that the parser knows: "help VERB", "unlearn help METHOD", "-h".</summary>
    private static string[] Canonical(string[] arguments) => arguments switch
    {
        ["help", "metrics"] or ["help", "metrics", _] => arguments,
        ["help", .. { Length: > 0 } words] => Canonical([.. words, Help]),
        ["unlearn" or "profile" or "data", "help", .. { Length: > 0 } words] => Canonical([arguments[0], .. words, Help]),
        _ => Array.ConvertAll(arguments, word => word == "-h" ? Help : word),
    };

    private int Version()
    {
        output.WriteLine("lacuna " + RunEnvironment.EngineVersion);
        return ExitCode.Done;
    }

    private int Dispatch(IReadOnlyList<string> arguments, Type[] verbs, string name, Host host)
    {
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.CaseInsensitiveEnumValues = true;
            settings.AutoVersion = false;
        });
        var parsed = parser.ParseArguments(WithEnumNames(arguments, verbs), verbs);
        return parsed.MapResult((object verb) => RunVerb(verb, arguments, host), errors => Explain(parsed, [.. errors], name));
    }

    /// <summary>Records name values as mas-per-sample, which the parser knows as MasPerSample: either may be written.</summary>
    private static IEnumerable<string> WithEnumNames(IReadOnlyList<string> arguments, Type[] verbs)
    {
        var verb = verbs.FirstOrDefault(v => v.GetCustomAttribute<VerbAttribute>()?.Name == arguments.FirstOrDefault());
        var named = (verb?.GetProperties() ?? []).Where(p => p.PropertyType.IsEnum).Select(p => "--" + p.GetCustomAttribute<OptionAttribute>()?.LongName).ToHashSet();
        for (var i = 0; i < arguments.Count; i++)
        {
            var isValue = i > 0 && named.Contains(arguments[i - 1]) && !arguments[i].StartsWith("--", StringComparison.Ordinal);
            yield return isValue ? arguments[i].Replace("-", "") : arguments[i];
        }
    }

    /// <summary>The parser takes an option that lacks its value for one left out, and would run with the default.</summary>
    private static int RunVerb(object verb, IReadOnlyList<string> arguments, Host host)
    {
        var needValue = verb.GetType().GetProperties().Where(p => p.PropertyType != typeof(bool))
            .Select(p => p.GetCustomAttribute<OptionAttribute>()?.LongName).OfType<string>().Select(name => "--" + name).ToHashSet();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (needValue.Contains(arguments[i]) && (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal)))
                throw new UsageException($"Option '{arguments[i][2..]}' has no value. Write one after it.");
        }
        return ((IVerb)verb).Run(host);
    }

    private int Explain(ParserResult<object> parsed, IReadOnlyList<Error> errors, string name)
    {
        var asked = errors.All(e => e.Tag is ErrorType.HelpRequestedError or ErrorType.HelpVerbRequestedError);
        var verb = parsed.TypeInfo.Current.GetCustomAttribute<VerbAttribute>()?.Name;
        if (!asked && verb is not null)
        {
            // One screen of options would push the mistake out of sight.
            var sentences = SentenceBuilder.Create();
            foreach (var line in HelpText.RenderParsingErrorsTextAsLines(parsed, error => Sentence(error, parsed.TypeInfo.Current, sentences), sentences.FormatMutuallyExclusiveSetErrors, 0))
                error.WriteLine("error: " + line);
            error.WriteLine($"'{name} {verb} {Help}' shows the options and an example.");
            return ExitCode.Usage;
        }
        var text = HelpText.AutoBuild(parsed, help =>
        {
            help.Heading = $"{name}: makes trained image classifiers forget";
            help.Copyright = "";
            help.AdditionalNewLineAfterOption = false;
            help.AddNewLineBetweenHelpSections = true;
            help.AutoVersion = false;
            help.AddEnumValuesToHelpText = true;
            help.MaximumDisplayWidth = 120;
            if (typeof(IRecipeOptions).IsAssignableFrom(parsed.TypeInfo.Current)) help.AddPostOptionsLines(IRecipeOptions.PresetLines);
            if (verb is null) help.AddPostOptionsLine($"'{name} {(name is "lacuna unlearn" or "lacuna profile" ? "METHOD" : "VERB")} {Help}' shows the options and an example; 'lacuna help metrics' explains the figures.");
            return HelpText.DefaultParsingErrorsHandler(parsed, help);
        }, example => example, verbsIndex: verb is null);
        (asked ? output : error).WriteLine(text);
        return asked ? ExitCode.Done : ExitCode.Usage;
    }

    /// <summary>The parser has no name for what stands without an option's.</summary>
    private static string Sentence(Error error, Type verb, SentenceBuilder sentences) =>
        error is MissingRequiredOptionError { NameInfo.NameText: "" } && verb.GetProperties().Select(p => p.GetCustomAttribute<ValueAttribute>()).FirstOrDefault(v => v is { Required: true }) is { } missing
            ? $"{missing.MetaName} is missing. Write it behind the verb."
            : sentences.FormatError(error);

    private int Say(Exception e, int code)
    {
        // A missing native library surfaces as a type initialiser's failure, or as one inside another; its cause is what helps.
        var cause = e;
        while (cause is TypeInitializationException { InnerException: { } inner }) cause = inner;
        // libtorch appends the C++ call stack to its messages.
        error.WriteLine("error: " + cause.Message.Split("\nException raised from")[0]);
        if (Environment.GetEnvironmentVariable("LACUNA_TRACE") == "1") error.WriteLine(e);
        return code;
    }
}
