using System.Globalization;
using System.Text.RegularExpressions;
using Lacuna.Data;
using Lacuna.Data.Images;
using Lacuna.Evaluation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>Reads experiments. A key that is unknown, or a value that makes no sense, is refused with its line before anything is computed.</summary>
public static partial class ExperimentFile
{
    private static readonly string[] Keys = ["name", "about", "source", "data", "model", "seeds", "methods", "metrics", "studies", "tasks", "expected"];
    private static readonly Dictionary<string, MetricGroups> Groups = new() { ["membership"] = MetricGroups.Membership, ["divergence"] = MetricGroups.Divergence, ["zrf"] = MetricGroups.Zrf };
    private static readonly string[] DataKeys = ["location", "labels", "resize", "size", "split_file", "hold_out", "skip_bad"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ExperimentFileException">It is no experiment.</exception>
    public static ExperimentPlan Read(string path)
    {
        try
        {
            return Parse(System.IO.File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExperimentFileException(path, 0, $"cannot be read ({e.Message.TrimEnd('.')}). Give a YAML file, or the name of a preset: {string.Join(", ", ExperimentPresets.Names)}.", e);
        }
    }

    /// <summary>Reads an experiment from text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">For messages.</param>
    public static ExperimentPlan Parse(string text, string file)
    {
        var root = new YamlSection(file, Root(text, file), "an experiment", Keys);
        var name = Name(root, root.Required("name"));
        var methods = new MethodSections(file);
        var model = root.Node("model");
        var tasks = root.List("tasks").Select(node => TaskSection.Read(file, node, root, model, methods)).ToList();
        if (tasks.Count == 0) throw new ExperimentFileException(file, root.Line, "an experiment needs 'tasks': a list of what to forget, for example '- forget: class:0'.");
        if (tasks.GroupBy(task => task.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ExperimentFileException(file, twice.Last().Line, $"two tasks are called '{twice.Key}'. Give each a 'name' of its own.");
        var (expected, note) = ExpectedSection.Read(root, tasks);
        return new(name, root.Text("about") ?? "", root.Text("source"), Data(root), Seeds(root), Metrics(root), tasks, expected, note, file, text);
    }

    /// <summary>A name that can be a folder's.</summary>
    internal static string Name(YamlSection section, YamlNode node)
    {
        var name = section.Scalar(node, "name");
        return FolderName().IsMatch(name) ? name : throw new ExperimentFileException(section.File, node.Start.Line, $"the name '{name}' would be a folder's; use lower-case letters, digits and hyphens.");
    }

    private static YamlNode Root(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new ExperimentFileException(file, e.Start.Line, $"this is no YAML: {e.Message.TrimEnd('.')}.", e);
        }
        return stream.Documents.Count == 1 ? stream.Documents[0].RootNode : throw new ExperimentFileException(file, 0, "holds no experiment. 'lacuna experiment --list' names presets to begin with.");
    }

    private static IReadOnlyList<ulong> Seeds(YamlSection root)
    {
        var seeds = root.List("seeds").Select(node => ulong.TryParse(root.Scalar(node, "seeds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed : throw new ExperimentFileException(root.File, node.Start.Line, $"the seed '{root.Scalar(node, "seeds")}' is no whole number from 0 on.")).ToList();
        if (seeds.Distinct().Count() < seeds.Count) throw new ExperimentFileException(root.File, root.Node("seeds")!.Start.Line, "a seed stands twice; the second run would only repeat the first.");
        return seeds.Count > 0 ? seeds : [1];
    }

    private static MetricGroups Metrics(YamlSection root)
    {
        if (root.Node("metrics") is null) return MetricGroups.All;
        var groups = MetricGroups.None;
        foreach (var node in root.List("metrics"))
        {
            var word = root.Scalar(node, "metrics");
            if (!Groups.TryGetValue(word, out var group))
                throw new ExperimentFileException(root.File, node.Start.Line, $"there is no group of metrics '{word}'. Choose among {string.Join(", ", Groups.Keys)}; the table's figures and accuracies are always measured.");
            groups |= group;
        }
        return groups;
    }

    private static DataRequest Data(YamlSection root)
    {
        if (root.Node("data") is not { } node) return new(BundledData.Name);
        if (node is YamlScalarNode) return new(root.Scalar(node, "data"));
        var data = new YamlSection(root.File, node, "data", DataKeys);
        return new(data.Text("location") ?? BundledData.Name)
        {
            Labels = data.Choice<CifarLabels>("labels"),
            Folder = new ImageFolderOptions
            {
                Sizing = new ImageSizing { Resize = data.Whole("resize"), Given = data.Whole("size") },
                SplitFile = data.Text("split_file"),
                HeldOut = data.Node("hold_out") is { } share ? data.At(share, () => HeldOutShare.Parse(data.Scalar(share, "hold_out"))) : null,
                SkipBad = data.Flag("skip_bad"),
            },
        };
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex FolderName();
}
