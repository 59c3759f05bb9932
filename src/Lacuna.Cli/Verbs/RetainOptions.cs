using CommandLine;
using Lacuna.Data;
using Lacuna.Methods.Training;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of methods that train on the retain images; each names its own defaults.</summary>
internal abstract class RetainOptions : UnlearnOptions
{
    [Option("epochs", HelpText = "Passes over the retain images.")]
    public int? Epochs { get; set; }

    [Option("batch", HelpText = "Images a step.")]
    public int? BatchSize { get; set; }

    [Option("lr", HelpText = "Highest learning rate.")]
    public double? LearningRate { get; set; }

    [Option("weight-decay", HelpText = "Weight decay.")]
    public double? WeightDecay { get; set; }

    [Option("crop", Default = 0, HelpText = "Zero pixels around an image before a random crop; 0 for none.")]
    public int Crop { get; set; }

    [Option("flip", HelpText = "Mirror half of the images.")]
    public bool Flip { get; set; }

    /// <summary>The defaults with what the command line changes.</summary>
    protected TrainingOptions Recipe(TrainingOptions defaults) => defaults with
    {
        Epochs = Epochs ?? defaults.Epochs,
        BatchSize = BatchSize ?? defaults.BatchSize,
        LearningRate = LearningRate ?? defaults.LearningRate,
        WeightDecay = WeightDecay ?? defaults.WeightDecay,
        Augmentation = new Augmentation(Crop, Flip),
    };
}
