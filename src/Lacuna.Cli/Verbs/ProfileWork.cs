using Lacuna.Methods;
using Lacuna.Runs;
using Lacuna.Runs.Profiling;

namespace Lacuna.Cli.Verbs;

/// <summary>Runs a method as 'unlearn' does and shows where its time goes.</summary>
internal static class ProfileWork
{
    public const string OutHelp = "Folder for the results of 'unlearn' and profile.json; must be new or empty. Without it nothing is kept and the result is not measured.";

    public static int Run(UnlearnOptions options, Host host)
    {
        using var inputs = options.Open(host);
        if (inputs.Oracle is not null && options.Out.Length == 0) throw new UsageException("--oracle is for a result that is measured; give --out too, or leave --oracle out.");
        var directory = options.Out.Length == 0 ? null : options.BeginIn(options.Out, "profile", inputs, host);
        using var progress = new ProgressLine(host, options.Quiet);
        progress.Report(new("measure the device", 0, 1, ""));
        var profile = new ProfileRun(directory is null ? "run" : "run, measure, save", inputs.Compute, host.Clock, host.Interrupt);
        if (directory is null)
        {
            using var outcome = inputs.Method.Run(inputs.Original, new UnlearningTask(inputs.Train, inputs.Split, inputs.Draws, profile.Compute, new Relay(inputs.Method.Name, progress)), host.Interrupt);
        }
        else
        {
            var experiment = new Experiment(inputs.Train, inputs.Test, inputs.Draws, profile.Compute, directory, host.Clock, progress);
            experiment.Unlearn("", inputs.Title, inputs.Split, inputs.Original, [inputs.Method], inputs.Oracle, goOn: false, host.Interrupt);
        }
        var report = profile.Finish(inputs.Method.Name, inputs.Method.Options, inputs.Split.Spec, inputs.Original);
        directory?.Write("profile.json", report);
        progress.Clear();
        if (options.Json) host.WriteJson(report);
        else ProfileScreen.Print(host, report);
        return ExitCode.Done;
    }

    // Not Progress<T>: that one reports from another thread, and late.
    private sealed class Relay(string stage, IProgress<RunProgress> target) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => target.Report(new(stage, value.Done, value.Total, value.Message, value.Images));
    }
}
