using CommandLine;

namespace Lacuna.Benchmarks;

/// <summary>Of <see cref="Scaling"/>, on the command line.</summary>
internal sealed class ScalingOptions
{
    [Option("arch", Default = "resnet20", HelpText = "A network of the zoo for 32x32 images in three channels.")]
    public string Architecture { get; set; } = "resnet20";

    [Option("steps", Separator = ',', HelpText = "Which steps, by their names in the table, and 'vectors' (default: all).")]
    public IEnumerable<string> Steps { get; set; } = [];

    [Option("rounds", Default = 5, HelpText = "Rounds over everything; the best of each is given.")]
    public int Rounds { get; set; } = 5;

    [Option("threads", HelpText = "Threads (default: one a core).")]
    public int? Threads { get; set; }

    [Option("json", HelpText = "Print one JSON document, not markdown.")]
    public bool Json { get; set; }

    [Value(0, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    public int ThreadCount => Threads ?? Environment.ProcessorCount;

    /// <summary>Throws when a value makes no sense.</summary>
    public void Validate()
    {
        if (Rest.FirstOrDefault() is { } word) throw new ArgumentException($"'{word}' belongs to no option.");
        _ = Models.ModelZoo.Find(Architecture);
        foreach (var name in Steps)
        {
            if (name != Scaling.Vectors && Scaling.Steps.All(step => step.Name != name))
                throw new ArgumentException($"There is no step '{name}' that is measured here. There are {string.Join(", ", Scaling.Steps.Select(step => step.Name))}, {Scaling.Vectors}.");
        }
        if (Rounds < 1) throw new ArgumentException($"--rounds is {Rounds}; it must be at least 1.");
        if (ThreadCount < 1) throw new ArgumentException($"--threads is {ThreadCount}; it must be at least 1.");
    }
}
