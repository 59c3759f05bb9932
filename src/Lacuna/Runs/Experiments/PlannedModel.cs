using Lacuna.Data;
using Lacuna.Methods.Training;
using Lacuna.Models;

namespace Lacuna.Runs.Experiments;

/// <summary>The network that a task begins with: trained by a recipe, or taken from a file.</summary>
public sealed record PlannedModel
{
    /// <summary>A checkpoint file; null for a network that is trained.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether the checkpoint may be a TorchScript module, whose program is then run.</summary>
    public bool TorchScript { get; init; }

    /// <summary>Name of the network; null where the checkpoint says it.</summary>
    public string? Architecture { get; init; }

    /// <summary>Which form, where it has two.</summary>
    public Form? Form { get; init; }

    /// <summary>Side of its patches, where it has them.</summary>
    public int? Patch { get; init; }

    /// <summary>Outputs; null for as many as the data has classes.</summary>
    public int? Classes { get; init; }

    /// <summary>Normalisation; null for the default one of the channel count.</summary>
    public Normalisation? Normalisation { get; init; }

    /// <summary>How it is trained, and the oracle like it; null for a checkpoint of which that is not known.</summary>
    public TrainingOptions? Recipe { get; init; }

    /// <summary>What a network for this data is built for.</summary>
    /// <exception cref="ArgumentException">Fewer classes than the data has.</exception>
    public ModelOptions ShapeFor(ImageSet set)
    {
        if (Classes < set.ClassCount) throw new ArgumentException($"classes is {Classes}, but {set.Name} has {set.ClassCount}. Leave it out or give at least as many.");
        return new(Classes ?? set.ClassCount, set.Channels, set.Height, set.Width, Normalisation ?? Normalisation.Default(set.Channels), Form, Patch);
    }
}
