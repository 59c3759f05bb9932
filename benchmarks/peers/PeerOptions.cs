using CommandLine;
using Lacuna.Benchmarks.Steps;

namespace Lacuna.Peers;

/// <summary>What is compared, on the command line.</summary>
internal sealed class PeerOptions
{
    /// <summary>What the Python side has.</summary>
    public static readonly string[] AllNetworks = ["resnet20", "resnet18"];

    // On two cores a step of MU-Mis on 256 images takes resnet18 minutes in float64, and tens of gigabytes.
    private const int ComparedOfLargeNetworks = 32;

    [Option("arch", Separator = ',', HelpText = "Networks: resnet20, resnet18 (default: both).")]
    public IEnumerable<string> Architectures { get; set; } = [];

    [Option("steps", Separator = ',', HelpText = "Which steps, by their names in the table (default: all).")]
    public IEnumerable<string> Steps { get; set; } = [];

    [Option("device", Default = "cpu", HelpText = "cpu or cuda, for both sides.")]
    public string Device { get; set; } = "cpu";

    [Option("batch", Default = 256, HelpText = "Images a step.")]
    public int Batch { get; set; } = 256;

    [Option("compared", HelpText = "Images on which results are compared with float64 (default: the batch, of resnet18 32).")]
    public int? Compared { get; set; }

    [Option("threads", HelpText = "Threads of both sides (default: one a core).")]
    public int? Threads { get; set; }

    [Option("repeats", Default = 5, HelpText = "Repetitions, in turns; the best and the median are given.")]
    public int Repeats { get; set; } = 5;

    [Option("importance-images", Default = 128, HelpText = "Images whose own gradients make the importance.")]
    public int ImportanceImages { get; set; } = 128;

    [Option("instances", Default = 16, HelpText = "Instance-wise: images to forget.")]
    public int Instances { get; set; } = 16;

    [Option("attacks", Default = 20, HelpText = "Instance-wise: attacks an image.")]
    public int Attacks { get; set; } = 20;

    [Option("attack-steps", Default = 100, HelpText = "Instance-wise: steps an attack. Fewer make a shorter measurement, whose ratio is another one.")]
    public int AttackSteps { get; set; } = 100;

    [Option("python", HelpText = "A Python that has PyTorch (default: LACUNA_PYTHON, else python3).")]
    public string? Python { get; set; }

    [Option("json", HelpText = "Print one JSON document, not a markdown table.")]
    public bool Json { get; set; }

    [Option("out", HelpText = "A folder for peers.json and peers.md, besides what is printed. Rows that are there stay unless measured anew.")]
    public string? Out { get; set; }

    [Value(0, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    public string PythonPath => Python ?? (Environment.GetEnvironmentVariable("LACUNA_PYTHON") is { Length: > 0 } path ? path : "python3");

    public int ThreadCount => Threads ?? Environment.ProcessorCount;

    public IReadOnlyList<string> Networks => Architectures.Any() ? [.. Architectures.Distinct()] : AllNetworks;

    public PeerSettings Settings => new(Repeats, Batch, Compared, ImportanceImages, Instances, Attacks, AttackSteps);

    public SettingOptions Amounts => new() { Batch = Batch, ImportanceImages = ImportanceImages, Instances = Instances, Attacks = Attacks, AttackSteps = AttackSteps };

    public int ComparedOf(string network) => Compared ?? (network == "resnet18" ? Math.Min(ComparedOfLargeNetworks, Batch) : Batch);

    /// <summary>Throws when a value makes no sense.</summary>
    public void Validate()
    {
        if (Rest.FirstOrDefault() is { } word) throw new ArgumentException($"'{word}' belongs to no option.");
        foreach (var network in Networks)
        {
            if (!AllNetworks.Contains(network)) throw new ArgumentException($"--arch is '{network}'; the Python side has {string.Join(" and ", AllNetworks)}.");
        }
        foreach (var step in Steps)
        {
            if (AllSteps.InOrder.All(each => each.Name != step)) throw new ArgumentException($"There is no step '{step}'. There are {string.Join(", ", AllSteps.InOrder.Select(each => each.Name))}.");
        }
        foreach (var (name, value, least) in new[] { ("batch", Batch, 2), ("compared", Compared ?? 2, 2), ("threads", ThreadCount, 1), ("repeats", Repeats, 1), ("importance-images", ImportanceImages, 1), ("instances", Instances, 1), ("attacks", Attacks, 1), ("attack-steps", AttackSteps, 1) })
        {
            if (value < least) throw new ArgumentException($"--{name} is {value}; it must be at least {least}.");
        }
        if (ImportanceImages > Batch) throw new ArgumentException($"--importance-images is {ImportanceImages}; they are taken from the batch of {Batch}.");
        if (Compared > Batch) throw new ArgumentException($"--compared is {Compared}; they are taken from the batch of {Batch}.");
        if (Device is not ("cpu" or "cuda")) throw new ArgumentException($"--device is '{Device}'; write cpu or cuda.");
        if (Device == "cuda" && !torch.cuda.is_available()) throw new InvalidOperationException("There is no CUDA device that our libtorch can use. Leave --device out.");
    }
}
