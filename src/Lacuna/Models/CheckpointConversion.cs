using Lacuna.Models.Checkpoints;

namespace Lacuna.Models;

/// <summary>One checkpoint file into another form: the same tensors byte for byte, the same metadata.</summary>
public static class CheckpointConversion
{
    /// <summary>Reads a file and writes it in the format that the other path's ending names.</summary>
    /// <param name="input">A file that <see cref="CheckpointReader"/> reads.</param>
    /// <param name="output">Replaced if it is there.</param>
    /// <param name="architecture">Makes the result load by its name alone: the tensors are checked against this network, get its names, and what it is built for goes into the metadata. Null leaves both as they are.</param>
    /// <param name="adjust">Changes what the shapes do not say: image size, normalisation.</param>
    /// <param name="warn">Told of weights that are not finite.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="CheckpointException">The input cannot be read, or does not fit the architecture.</exception>
    /// <exception cref="ArgumentException">The output's ending names no format, or there is no such architecture.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static CheckpointFile Run(string input, string output, string? architecture, Func<ModelOptions, ModelOptions> adjust, Action<string> warn)
    {
        var format = CheckpointWriter.FormatOf(output) ?? throw new ArgumentException($"{output}: the ending says in which format to write; let it be {CheckpointWriter.Endings}.");
        var file = CheckpointReader.Read(input);
        foreach (var key in file.KeysWithNonFinite) warn($"{input}: '{key}' holds NaN or infinite values.");
        var result = architecture is null ? file : Described(file, input, architecture, adjust);
        CheckpointWriter.Write(output, result.Tensors, result.Metadata);
        return new(result.Tensors, result.Metadata, format);
    }

    private static CheckpointFile Described(CheckpointFile file, string path, string architecture, Func<ModelOptions, ModelOptions> adjust)
    {
        if (ModelFile.ArchitectureOf(file) is { } stored)
            throw new CheckpointException(path, $"says already that it is a {stored}. Leave --arch out.");
        var matches = ArchitectureFinder.Match(architecture, file);
        // Forms that differ in nothing that the file shows are told apart by the size of the images.
        if (matches.Count > 1) matches = [.. matches.Where(match => adjust(match.Options) is var wanted && wanted.AreImagesSmall == (wanted.Form == Form.Cifar))];
        if (matches.Count > 1)
            throw new CheckpointException(path, $"fits {architecture} in more than one form, which its shapes do not tell apart. Give the size of the images with --size: {string.Join(", or ", matches.Select(m => $"{m.Options.Height} for the {m.Options.Form.ToString()!.ToLowerInvariant()} form"))}.");
        var match = matches[0];
        // What the shapes of some networks say of the image size cannot be changed.
        if (adjust(match.Options) is var options && options != match.Options && match.Fits) match = ArchitectureFinder.Match(architecture, file, options);
        if (!match.Fits)
            throw new CheckpointException(path, $"does not fit {architecture} with {match.Setting}:{match.Fit.Describe()}\nName the right architecture with --arch; 'lacuna inspect' says which one fits.");
        var metadata = file.Metadata.ToDictionary();
        foreach (var (key, value) in ModelFile.MetadataOf(architecture, match.Options)) metadata[key] = value;
        return new(ArchitectureFinder.Named(ModelZoo.Find(architecture), file).Tensors, metadata, file.Format);
    }
}
