using CommandLine;
using CommandLine.Text;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Spectre.Console;

namespace Lacuna.Cli.Verbs;

[Verb("inspect", HelpText = "What a checkpoint file holds: keys, shapes, types, metadata, and which architecture it fits.")]
internal sealed class InspectVerb : IVerb
{
    // More lines than a screen has are told in groups.
    private const int MostLines = 30;

    [Value(0, MetaName = "FILE", Required = true, HelpText = "safetensors, or what torch.save writes (both forms).")]
    public string File { get; set; } = "";

    [Option("keys", HelpText = "Every tensor on a line of its own, however many there are.")]
    public bool Keys { get; set; }

    [Option("json", HelpText = "Print one JSON document instead of tables.")]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Look into a file", new UnParserSettings { SkipDefault = true }, new InspectVerb { File = "resnet20.th" })];

    public int Run(Host host)
    {
        var report = CheckpointReport.Of(File);
        foreach (var tensor in report.Tensors.Where(tensor => tensor.Nan + tensor.Infinite > 0)) host.Warn($"'{tensor.Name}' holds {tensor.Nan} NaN and {tensor.Infinite} infinite values.");
        if (Json)
        {
            host.WriteJson(report);
            return ExitCode.Done;
        }
        host.Out.WriteLine(FormattableString.Invariant($"{File}: {CheckpointReport.Name(report.Format)}, {report.Bytes:N0} bytes, {report.Tensors.Count:N0} tensors, {report.Parameters:N0} parameters"));
        foreach (var (key, value) in report.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) host.Out.WriteLine($"  {key} = {(value.Length <= 200 ? value : value[..200] + "…")}");
        var table = new Table { Border = TableBorder.Rounded };
        if (Keys || report.Tensors.Count <= MostLines) List(table, report.Tensors);
        else Group(table, report.Tensors);
        host.Screen.Write(table);
        foreach (var line in Verdict(report)) host.Out.WriteLine(line);
        return ExitCode.Done;
    }

    private static void List(Table table, IEnumerable<TensorReport> tensors)
    {
        table.AddColumns("Key", "Type", "Shape").AddColumn(new TableColumn("Elements").RightAligned());
        foreach (var tensor in tensors) table.AddRow(Markup.Escape(tensor.Name), tensor.Type, Markup.Escape($"[{string.Join(", ", tensor.Shape)}]"), FormattableString.Invariant($"{tensor.Elements:N0}"));
    }

    private static void Group(Table table, IEnumerable<TensorReport> tensors)
    {
        table.AddColumns("Keys (each: --keys)", "Types").AddColumn(new TableColumn("Tensors").RightAligned()).AddColumn(new TableColumn("Elements").RightAligned());
        foreach (var group in tensors.GroupBy(tensor => Part(tensor.Name)))
            table.AddRow(Markup.Escape(group.Key), string.Join(", ", group.Select(tensor => tensor.Type).Distinct()), FormattableString.Invariant($"{group.Count():N0}"), FormattableString.Invariant($"{group.Sum(tensor => tensor.Elements):N0}"));
    }

    /// <summary>The module that a tensor belongs to, two names deep.</summary>
    private static string Part(string name)
    {
        var parts = name.Split('.');
        return parts.Length == 1 ? name : string.Join('.', parts[..^1].Take(2)) + ".*";
    }

    private static IEnumerable<string> Verdict(CheckpointReport report)
    {
        ArchitectureMatch[] fitting = [.. report.Networks.Where(match => match.Fits)];
        foreach (var match in fitting) yield return $"fits {match.Architecture} ({match.Setting}){(report.Metadata.ContainsKey("lacuna.architecture") ? "" : $": --arch {match.Architecture}{(match.Options.Form is { } form ? $" --form {form.ToString().ToLowerInvariant()}" : "")}{(match.Options.Patch is { } patch ? $" --patch {patch}" : "")}")}";
        if (fitting.Length > 0) yield break;
        yield return report.Networks is [var best, ..]
            ? $"fits no network of the zoo; nearest is {best.Architecture} ({best.Setting}): {best.Matching} tensors fit, {best.Missing} missing, {best.Misshapen} of another shape, {best.Unexpected} unexpected"
            : "fits no network of the zoo: none has a last layer of a name that is in the file";
    }
}
