using System.Text.Json;
using Lacuna.Data;
using Lacuna.Models;
using Lacuna.Runs;
using Lacuna.Runs.Evaluations;

namespace Lacuna.Cli.Verbs;

/// <summary>'evaluate RUN...': finds what to measure in the runs' own records.</summary>
internal static class EvaluateRuns
{
    public static int Run(EvaluateVerb verb, Host host)
    {
        if (verb.Checkpoint is not null || verb.Forget is not null || verb.SplitFolder is not null || verb.OracleCheckpoint is not null || verb.Vector is not null || verb.Architecture is not null)
            throw new UsageException("Runs say themselves what is in them: leave --checkpoint, --arch, --forget, --split, --oracle and --forget-vector out.");
        var found = verb.Runs.SelectMany(RunReader.Read).ToList();
        var file = verb.Out ?? New(verb.Runs.First());
        if (File.Exists(file)) throw new IOException($"{file} is there already, and nothing is overwritten. Name another file with --out.");
        var compute = verb.Open(host);
        using var progress = new ProgressLine(host, verb.Quiet);
        void Note(string text)
        {
            progress.Clear();
            host.Warn(text);
        }
        var passes = new HashSet<PassPlan>();
        var opened = new Dictionary<string, LoadedData>();
        LoadedData Open(FoundSplit split) => opened.TryGetValue(split.Split.SetHash, out var known) ? known : opened[split.Split.SetHash] = OpenData(verb, split, host);
        var splits = new RunEvaluation(Open, NetworkCache.Default, compute, host.Clock, progress, Note, verb.TorchScript) { Chosen = plan => passes.Add(plan) }.Run(found, host.Interrupt);
        progress.Clear();
        AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, splits, RunJson.Options));
        if (verb.Json)
        {
            host.WriteJson(splits);
            return ExitCode.Done;
        }
        foreach (var split in splits)
        {
            ResultScreen.Print(host, split.Table);
            host.Out.WriteLine($"Oracle: {split.Oracle}");
        }
        foreach (var plan in passes) host.Out.WriteLine($"Passes: {plan}");
        host.Out.WriteLine($"All figures are in {file}.");
        return ExitCode.Done;
    }

    private static LoadedData OpenData(EvaluateVerb verb, FoundSplit split, Host host)
    {
        var request = verb.Data != BundledData.Name || split.Source is null ? verb.Request(verb.Data) : split.Source.Request();
        try
        {
            var data = verb.Open(request, host);
            split.Split.CheckBelongsTo(data.Train);
            return data;
        }
        catch (Exception e) when (e is ArgumentException or DataFileException or ForgetSetException)
        {
            throw new UsageException($"{split.Label} was made with data that is not found: {e.Message.TrimEnd('.')}. If it moved, say where it is with --data.");
        }
    }

    private static string New(string run) => Enumerable.Range(1, int.MaxValue).Select(i => Path.Combine(run, i == 1 ? "evaluation.json" : FormattableString.Invariant($"evaluation-{i}.json"))).First(path => !File.Exists(path));
}
