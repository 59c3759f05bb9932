using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using Lacuna.Studies.Sensitivity;

namespace Lacuna.Cli.Verbs;

[Verb("sensitivity", HelpText = "Compare how sensitive logits are to training images before training, after it, retrained and unlearned.")]
internal sealed class SensitivityVerb : NetworkOptions, IVerb
{
    private const string Fresh = "init";
    private const string VectorName = "forget-vector";
    private static readonly SensitivityOptions Defaults = new();

    [Option("checkpoint", Required = true, HelpText = "The trained network: safetensors, PyTorch file or TorchScript.")]
    public string Checkpoint { get; set; } = "";

    [Option("arch", ResourceType = typeof(HelpTexts), HelpText = nameof(HelpTexts.FileArchitecture))]
    public string? Architecture { get; set; }

    [Option("torchscript", HelpText = ScriptHelp)]
    public bool TorchScript { get; set; }

    [Option("forget", SetName = "words", HelpText = Words.Forget)]
    public string? Forget { get; set; }

    [Option("split", SetName = "folder", HelpText = "Folder of a run that holds the split (split.json, forget.txt, retain.txt); its seed takes the place of --seed.")]
    public string? SplitFolder { get; set; }

    [Option("before", HelpText = "The network before training: a file, or init for a fresh one of the same architecture from the seed (default: init; none for TorchScript). It is the true one only if the training had this seed.")]
    public string? Before { get; set; }

    [Option("oracle", HelpText = "A network retrained on the same split.")]
    public string? OracleCheckpoint { get; set; }

    [Option("unlearned", Separator = ',', HelpText = "Networks that methods left, with commas between; each is called by its file's name.")]
    public IEnumerable<string> Unlearned { get; set; } = [];

    [Option("forget-vector", HelpText = "A vector that 'unlearn forget-vector' wrote; with it added to every image the network counts as one more.")]
    public string? Vector { get; set; }

    [Option("images", HelpText = "Forget images, and retain images, at most so many of each (default: 500); 0 for all.")]
    public int? Images { get; set; }

    [Option("irrelevant", HelpText = "Irrelevant logits an image, at most (default: 9, all of ten classes); where there are more classes so many are drawn for each image.")]
    public int? Irrelevant { get; set; }

    [Option("out", Required = true, HelpText = "Folder for the results; must be new or empty.")]
    public string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } =
    [
        new("Look at the demo's networks", Brief, new SensitivityVerb
        {
            Checkpoint = "runs/demo/class/original.safetensors", OracleCheckpoint = "runs/demo/class/retrain.safetensors", Unlearned = ["runs/demo/class/mu-mis.safetensors"],
            Vector = "runs/demo/class/forget-vector.safetensors", SplitFolder = "runs/demo/class", Out = "runs/sensitivity",
        }),
    ];

    public int Run(Host host)
    {
        if (Forget is null == SplitFolder is null) throw new UsageException("Say what was to be forgotten: either --forget WORDS or --split FOLDER.");
        var spec = Forget is null ? null : ForgetSetSpec.Parse(Forget);
        var options = Defaults with { Images = Images ?? Defaults.Images, IrrelevantLogits = Irrelevant ?? Defaults.IrrelevantLogits };
        var study = new SensitivityStudy(options);
        var names = Names();
        var compute = OpenCompute(host);
        var (train, test, source) = LoadData(host);
        var split = spec is null ? ForgetSplit.Load(SplitFolder!) : spec.Split(train, new DrawSource(Seed), test);
        split.CheckBelongsTo(train);
        var draws = new DrawSource(split.Seed);

        var subjects = new List<Subject>();
        try
        {
            foreach (var (name, path) in names) subjects.Add(new(name, LoadModel(path, Architecture, TorchScript, train, compute.Device, host), null));
            var original = subjects.First(subject => subject.Name == Subject.Original).Model;
            if (Before == Fresh && original is ScriptedClassifier)
                throw new UsageException($"{Checkpoint} is TorchScript, of which no fresh network can be made. Leave --before out, or give the file of the network before training.");
            if (Vector is not null) subjects.Add(new(VectorName, original, ForgetVectorFile.Load(Vector, original.Options, compute.Device)));

            using var progress = new ProgressLine(host, Quiet);
            var context = new StudyContext(train, test, split, draws, compute, subjects, [], new(), Out, host.Clock, progress);
            if (study.Lacks(context) is { } lack) throw new UsageException(lack);
            var directory = RunDirectory.Create(Out);
            directory.Write("environment.json", RunEnvironment.Current(compute, host.Clock, original));
            directory.Write("config.json", new
            {
                verb = "sensitivity", command = host.Command, options, networks = names.ToDictionary(n => n.Name, n => Path.GetFullPath(n.File)), forget_vector = Vector is null ? null : Path.GetFullPath(Vector),
                architecture = original.Architecture, data = train.Name, data_hash = train.ContentHash, data_source = source, forget = split.Spec, seed = split.Seed,
            });
            split.Save(directory.Path);
            var findings = study.Measure(context, host.Interrupt);
            var figures = study.Report(context, findings);
            Directory.CreateDirectory(directory.FileAt("figures"));
            foreach (var figure in figures) directory.Write(Path.Combine("figures", figure.Id + ".json"), figure);
            progress.Clear();
            if (Json) host.WriteJson(new { forget = split.Spec, summary = findings.Summary(), figures });
            else
            {
                FigureScreen.PrintTables(host, figures);
                host.Out.WriteLine($"Saved {directory.FileAt("sensitivity.csv")} and {directory.FileAt(Path.Combine("figures", "sensitivity.json"))}");
            }
            return ExitCode.Done;
        }
        finally
        {
            foreach (var subject in subjects) subject.ForgetVector?.Dispose();
            foreach (var model in subjects.Select(subject => subject.Model).Distinct()) model.Dispose();
        }
    }

    /// <summary>What each file is called in the tables; the original first.</summary>
    private List<(string Name, string File)> Names()
    {
        List<(string Name, string File)> names = [(Subject.Original, Checkpoint)];
        if (OracleCheckpoint is not null) names.Add((ResultTable.Oracle, OracleCheckpoint));
        names.AddRange(Unlearned.Select(file => (Path.GetFileNameWithoutExtension(file), file)));
        if (Before is not null && Before != Fresh) names.Add((SensitivityFindings.Untrained, Before));
        var taken = new HashSet<string>(Vector is null ? [] : [VectorName]);
        if (Before == Fresh || Before is null) taken.Add(SensitivityFindings.Untrained);
        foreach (var (name, file) in names)
        {
            if (!taken.Add(name)) throw new UsageException($"{file} would be called '{name}' in the tables, and so is another network. Rename the file, or name each network once.");
        }
        return names;
    }
}
