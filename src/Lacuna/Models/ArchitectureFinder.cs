using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>Finds the networks of the zoo that a file's tensors fit, by names and shapes alone.</summary>
public static class ArchitectureFinder
{
    /// <summary>The networks that come into question, best first: those that fit, then those that have most tensors in common with the file. Empty when
    /// the file has no last layer of a network of the zoo: only networks whose last layer is there are built and compared, since large ones take a second.</summary>
    /// <param name="file">A checkpoint; what all its names begin with is taken off, and other people's names are known.</param>
    public static IReadOnlyList<ArchitectureMatch> Find(CheckpointFile file) =>
        [.. ModelZoo.Entries.Where(entry => Named(entry, file) is var ours && entry.LastBiases.Any(name => ours.Find(name) is not null))
            .SelectMany(entry => Match(entry.Name, file)).OrderByDescending(match => match.Fits).ThenByDescending(match => match.Matching)];

    /// <summary>Compares one network of the zoo, with as many classes and channels as the file has.</summary>
    /// <param name="architecture">Its name.</param>
    /// <param name="file">A checkpoint; what all its names begin with is taken off, and other people's names are known.</param>
    /// <returns>Every form that fits, since some differ in nothing that a file shows; when none does, the nearest.</returns>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public static IReadOnlyList<ArchitectureMatch> Match(string architecture, CheckpointFile file)
    {
        var entry = ModelZoo.Find(architecture);
        var ours = Named(entry, file);
        ArchitectureMatch[] all = [.. Starts(entry, ours).Select(start => Match(entry, ours, start)).OrderByDescending(match => match.Fits).ThenByDescending(match => match.Matching)];
        return [.. all.Where((match, i) => match.Fits || i == 0)];
    }

    /// <summary>Compares one network as it is built for these options.</summary>
    /// <exception cref="ArgumentException">There is no such network, or the options do not fit it.</exception>
    public static ArchitectureMatch Match(string architecture, CheckpointFile file, ModelOptions options)
    {
        var (built, state) = StateOf(architecture, options);
        return new(architecture, built, new StateDictFit(state, Named(ModelZoo.Find(architecture), file)));
    }

    /// <summary>A file's tensors under the names that a network gives them.</summary>
    internal static CheckpointFile Named(ZooEntry entry, CheckpointFile file) => ModelFile.Imported(CommonPrefix.TakeOff(file), entry);

    private static ArchitectureMatch Match(ZooEntry entry, CheckpointFile ours, ModelOptions start)
    {
        var (options, state) = StateOf(entry.Name, start);
        // The shapes that follow from classes and channels are those of the last layer and of the first convolution: no second network is built for them.
        var first = state.FindIndex(item => item.Shape.Length == 4);
        var last = state.FindLastIndex(item => item.Shape.Length == 2);
        if (first >= 0 && ours.Find(state[first].Name) is { Shape: [_, var channels and > 0 and <= int.MaxValue, _, _] })
        {
            state[first].Shape[1] = channels;
            options = options with { Channels = (int)channels, Normalisation = (int)channels == options.Channels ? options.Normalisation : Normalisation.Default((int)channels) };
        }
        if (last >= 0 && ours.Find(state[last].Name) is { Shape: [var classes and > 1 and <= int.MaxValue, _] })
        {
            state[last].Shape[0] = classes;
            if (state.Find(item => item.Name == state[last].Name.Replace(".weight", ".bias")).Shape is [_] bias) bias[0] = classes;
            options = options with { Classes = (int)classes };
        }
        return new(entry.Name, options, new StateDictFit(state, ours));
    }

    /// <summary>The settings in which a network is usually met, or the one that the shapes tell.</summary>
    private static IEnumerable<ModelOptions> Starts(ZooEntry entry, CheckpointFile ours)
    {
        // The first linear layer of cnn-s sees 32 channels of a quarter of the image's sides, which are taken to be equal.
        if (entry.Name == "cnn-s" && ours.Find("fc1.weight") is { Shape: [_, var inputs] } && SideOf(inputs / 32) is { } quarter)
            return entry.Settings.Select(setting => setting with { Height = 4 * quarter, Width = 4 * quarter });
        // A position for each patch of an image, taken to be square, and one for the class.
        if (entry.HasPatches && ours.Find("conv_proj.weight") is { Shape: [_, _, _, var patch and > 0 and <= 64] } && ours.Find("encoder.pos_embedding") is { Shape: [_, var positions, _] } && SideOf(positions - 1) is { } patches)
            return [entry.Settings[0] with { Patch = (int)patch, Height = (int)patch * patches, Width = (int)patch * patches }];
        return entry.Settings;
    }

    // Larger images than these would take more memory than the file has.
    private static int? SideOf(long area) => area is > 0 and <= 1 << 14 ? Math.Max(1, (int)Math.Round(Math.Sqrt(area))) : null;

    private static (ModelOptions Options, List<(string Name, long[] Shape)> State) StateOf(string architecture, ModelOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create(architecture, options, seed: 0);
        return (model.Options, [.. model.state_dict().Select(entry => (entry.Key, entry.Value.shape.ToArray()))]);
    }
}
