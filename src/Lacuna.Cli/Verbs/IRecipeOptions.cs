using Lacuna.Methods.Training;

namespace Lacuna.Cli.Verbs;

/// <summary>A recipe of training as the command line changes it; what is null there, or false, comes from the preset or the verb's defaults.</summary>
internal interface IRecipeOptions
{
    string? Preset { get; }

    int? Epochs { get; }

    int? BatchSize { get; }

    double? LearningRate { get; }

    double? Momentum { get; }

    bool Nesterov { get; }

    bool NoNesterov { get; }

    double? WeightDecay { get; }

    double? Warmup { get; }

    double? LabelSmoothing { get; }

    double? EarlyShare { get; }

    int? EarlySize { get; }

    Precision? Precision { get; }

    int? Crop { get; }

    double? RandomResizedCrop { get; }

    bool Flip { get; }

    bool NoFlip { get; }

    /// <summary>The recipe, validated.</summary>
    static TrainingOptions Recipe(IRecipeOptions line, TrainingOptions defaults)
    {
        var start = line.Preset is null ? defaults : TrainingPresets.Named(line.Preset).Recipe;
        var recipe = start with
        {
            Epochs = line.Epochs ?? start.Epochs,
            BatchSize = line.BatchSize ?? start.BatchSize,
            LearningRate = line.LearningRate ?? start.LearningRate,
            Momentum = line.Momentum ?? start.Momentum,
            Nesterov = Switch("nesterov", line.Nesterov, line.NoNesterov) ?? start.Nesterov,
            WeightDecay = line.WeightDecay ?? start.WeightDecay,
            WarmupShare = line.Warmup ?? start.WarmupShare,
            EarlyShare = line.EarlyShare ?? start.EarlyShare,
            EarlySize = line.EarlySize ?? start.EarlySize,
            Precision = line.Precision ?? start.Precision,
            LabelSmoothing = line.LabelSmoothing ?? start.LabelSmoothing,
            Augmentation = start.Augmentation with
            {
                // Of the two crops that exclude each other, one on the command line puts out the preset's.
                CropPadding = line.Crop ?? (line.RandomResizedCrop > 0 ? 0 : start.Augmentation.CropPadding),
                ResizedCrop = line.RandomResizedCrop ?? (line.Crop > 0 ? 0 : start.Augmentation.ResizedCrop),
                Flip = Switch("flip", line.Flip, line.NoFlip) ?? start.Augmentation.Flip,
            },
        };
        recipe.Validate();
        return recipe;
    }

    /// <summary>The presets, a line each, for the help.</summary>
    static IEnumerable<string> PresetLines =>
        ["PRESETS:", .. TrainingPresets.All.Select(preset => $"  {preset.Name,-26} {preset.Architecture}: {preset.About}"), ""];

    private static bool? Switch(string name, bool on, bool off)
    {
        if (on && off) throw new UsageException($"--{name} and --no-{name} contradict each other; give one.");
        return on ? true : off ? false : null;
    }
}
