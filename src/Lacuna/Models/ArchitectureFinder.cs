using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>Finds the networks of the zoo that a file's tensors fit, by names and shapes alone.</summary>
public static class ArchitectureFinder
{
    // A network is only built and compared when the file has its last layer: large ones take a second to build.
    private static readonly Dictionary<string, string> LastWeights = new() { ["cnn-s"] = "fc2.weight", ["resnet18"] = "fc.weight" };

    /// <summary>The networks that come into question, best first: those that fit, then those that have most tensors in common with the file. Empty when no last layer of a network of the zoo is in the file.</summary>
    /// <param name="file">A checkpoint; what all its names begin with is taken off.</param>
    public static IReadOnlyList<ArchitectureMatch> Find(CheckpointFile file)
    {
        var bare = CommonPrefix.TakeOff(file);
        return [.. ModelZoo.Names.Where(entry => bare.Find(LastWeights.GetValueOrDefault(entry.Name, "linear.weight")) is not null)
            .Select(entry => Match(entry.Name, bare)).OrderByDescending(match => match.Fits).ThenByDescending(match => match.Matching)];
    }

    /// <summary>Compares one network of the zoo.</summary>
    /// <param name="architecture">Its name.</param>
    /// <param name="file">A checkpoint; what all its names begin with is taken off.</param>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public static ArchitectureMatch Match(string architecture, CheckpointFile file)
    {
        var bare = CommonPrefix.TakeOff(file);
        var options = Start(architecture, bare);
        var state = StateOf(architecture, options);
        // The shapes that follow from classes and channels are those of the last layer and of the first convolution: no second network is built for them.
        var first = state.FindIndex(item => item.Shape.Length == 4);
        var last = state.FindLastIndex(item => item.Shape.Length == 2);
        if (first >= 0 && bare.Find(state[first].Name) is { Shape: [_, var channels and > 0 and <= int.MaxValue, _, _] })
        {
            state[first].Shape[1] = channels;
            options = options with { Channels = (int)channels, Normalisation = (int)channels == options.Channels ? options.Normalisation : Normalisation.Default((int)channels) };
        }
        if (last >= 0 && bare.Find(state[last].Name) is { Shape: [var classes and > 1 and <= int.MaxValue, _] })
        {
            state[last].Shape[0] = classes;
            if (state.Find(item => item.Name == state[last].Name.Replace(".weight", ".bias")).Shape is [_] bias) bias[0] = classes;
            options = options with { Classes = (int)classes };
        }
        return new(architecture, options, new StateDictFit(state, bare));
    }

    /// <summary>The setting in which a network is usually met, with the image size where the shapes say it.</summary>
    private static ModelOptions Start(string architecture, CheckpointFile file)
    {
        if (architecture != "cnn-s") return new(10, 3, 32, 32, Normalisation.ImageNet);
        // The first linear layer sees 32 channels of a quarter of the image's sides, which are taken to be equal.
        var side = file.Find("fc1.weight") is { Shape: [_, var inputs] } ? 4 * (int)Math.Round(Math.Sqrt(Math.Min(inputs, 1 << 24) / 32.0)) : 28;
        return new(10, 1, Math.Max(side, 4), Math.Max(side, 4), Normalisation.FashionMnist);
    }

    /// <summary>Compares one network as it is built for these options.</summary>
    /// <exception cref="ArgumentException">There is no such network, or the options do not fit it.</exception>
    public static ArchitectureMatch Match(string architecture, CheckpointFile file, ModelOptions options) =>
        new(architecture, options, new StateDictFit(StateOf(architecture, options), CommonPrefix.TakeOff(file)));

    private static List<(string Name, long[] Shape)> StateOf(string architecture, ModelOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create(architecture, options, seed: 0);
        return [.. model.state_dict().Select(entry => (entry.Key, entry.Value.shape.ToArray()))];
    }
}
