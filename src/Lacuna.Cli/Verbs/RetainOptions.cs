using CommandLine;
using Lacuna.Methods.Training;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of methods that train on the retain images; each names its own defaults.</summary>
internal abstract class RetainOptions : UnlearnOptions, IRecipeOptions
{
    [Option("preset", HelpText = "A recipe by name, see below; other options change it.")]
    public string? Preset { get; set; }

    [Option("epochs", HelpText = "Passes over the retain images.")]
    public int? Epochs { get; set; }

    [Option("batch", HelpText = "Images a step.")]
    public int? BatchSize { get; set; }

    [Option("lr", HelpText = "Highest learning rate.")]
    public double? LearningRate { get; set; }

    [Option("momentum", HelpText = "Momentum of SGD.")]
    public double? Momentum { get; set; }

    [Option("nesterov", HelpText = "Nesterov's form of momentum.")]
    public bool Nesterov { get; set; }

    [Option("no-nesterov", HelpText = "Plain momentum where the preset has Nesterov's.")]
    public bool NoNesterov { get; set; }

    [Option("weight-decay", HelpText = "Weight decay.")]
    public double? WeightDecay { get; set; }

    [Option("warmup", HelpText = "Share of all steps during which the learning rate rises.")]
    public double? Warmup { get; set; }

    [Option("label-smoothing", HelpText = "Share of every label spread over all classes.")]
    public double? LabelSmoothing { get; set; }

    [Option("early-share", HelpText = "Share of the epochs, the first ones, that see random crops of side --early-size: cheaper ones.")]
    public double? EarlyShare { get; set; }

    [Option("early-size", HelpText = "Side of the images in the early epochs, in pixels.")]
    public int? EarlySize { get; set; }

    [Option("precision", HelpText = "In what type the network multiplies: float32, tf32 (CUDA alone) or bf16; weights, loss and optimiser stay float32.")]
    public Precision? Precision { get; set; }

    [Option("crop", HelpText = "Random crops, shifted by up to so many pixels; zeros beyond the image. 0 for none.")]
    public int? Crop { get; set; }

    [Option("random-resized-crop", HelpText = "Crops of random size and shape, scaled, of this share of the image's area at least; 0.08 is usual for photographs. Not with --crop.")]
    public double? RandomResizedCrop { get; set; }

    [Option("flip", HelpText = "Mirror half of the images.")]
    public bool Flip { get; set; }

    [Option("no-flip", HelpText = "Mirror none where the preset does.")]
    public bool NoFlip { get; set; }

    /// <summary>The defaults, or the preset, with what the command line changes.</summary>
    protected TrainingOptions Recipe(TrainingOptions defaults) => IRecipeOptions.Recipe(this, defaults);
}
