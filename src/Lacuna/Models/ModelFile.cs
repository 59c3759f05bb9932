using System.Globalization;
using Lacuna.Models.Checkpoints;
using Lacuna.Models.TorchScript;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// Networks in checkpoint files. What Lacuna writes (safetensors, or TorchScript where the network came as that) carries the architecture and its options as metadata, so
/// that it loads by its name alone; other people's files (safetensors or PyTorch) need the architecture named.
/// </summary>
public static partial class ModelFile
{
    private const string Prefix = "lacuna.";

    /// <summary>Writes weights, buffers, architecture and options; replaces the file in one step.</summary>
    public static void Save(Classifier model, string path, IReadOnlyDictionary<string, string>? provenance = null)
    {
        using var scope = NewDisposeScope();
        var metadata = MetadataOf(model.Architecture, model.Options);
        foreach (var (key, value) in provenance ?? new Dictionary<string, string>()) metadata[Prefix + key] = value;
        if (model is ScriptedClassifier scripted) ScriptFile.Save(scripted, path, metadata);
        else SafetensorsFile.Write(path, [.. model.state_dict().Select(entry => CheckpointTensors.FromTensor(entry.Key, entry.Value))], metadata);
    }

    /// <summary>The architecture that a file of ours names, or null.</summary>
    public static string? ArchitectureOf(CheckpointFile file) => file.Metadata.GetValueOrDefault(Prefix + "architecture");

    /// <summary>What says of a file which network it holds, and what that is built for.</summary>
    public static Dictionary<string, string> MetadataOf(string architecture, ModelOptions options)
    {
        var metadata = new Dictionary<string, string>
        {
            [Prefix + "architecture"] = architecture,
            [Prefix + "classes"] = Text(options.Classes),
            [Prefix + "channels"] = Text(options.Channels),
            [Prefix + "height"] = Text(options.Height),
            [Prefix + "width"] = Text(options.Width),
            [Prefix + "mean"] = Text(options.Normalisation.Mean),
            [Prefix + "std"] = Text(options.Normalisation.Std),
        };
        if (options.Form is { } form) metadata[Prefix + "form"] = Text(form);
        if (options.Patch is { } patch) metadata[Prefix + "patch"] = Text(patch);
        return metadata;
    }

    /// <summary>Reads a network.</summary>
    /// <param name="path">safetensors, a PyTorch file of either form, or TorchScript.</param>
    /// <param name="architecture">Needed where the file does not say it; where it does, the two must agree.</param>
    /// <param name="fallback">Options for files without metadata; classes are then taken from the last layer.</param>
    /// <param name="warn">Told of what is odd but not fatal, for example weights that are not finite.</param>
    /// <param name="script">Leave to run a TorchScript file; without it such a file is refused.</param>
    public static Classifier Load(string path, string? architecture, ModelOptions fallback, Action<string> warn, ScriptTerms? script = null)
    {
        if (ScriptFile.Recognises(path)) return LoadScript(path, architecture, fallback, warn, script);
        var file = CommonPrefix.TakeOff(CheckpointReader.Read(path));
        var stored = ArchitectureOf(file);
        if (stored is not null && architecture is not null && stored != architecture)
            throw new CheckpointException(path, $"holds a {stored}, not a {architecture}. Leave --arch out or name the right one.");
        var name = stored ?? architecture
            ?? throw new CheckpointException(path, "does not say which architecture it is for. Name it with --arch.");
        var entry = ModelZoo.Find(name);
        file = Imported(file, entry);
        var options = stored is null ? fallback with { Classes = ClassesOf(file, entry) ?? fallback.Classes } : OptionsOf(file, path, entry);
        foreach (var key in file.KeysWithNonFinite) warn($"{path}: '{key}' holds NaN or infinite values.");
        var model = ModelZoo.Create(name, options, seed: 0);
        try
        {
            Fill(model, file, path);
        }
        catch
        {
            model.Dispose();
            throw;
        }
        model.eval();
        return model;
    }

    /// <summary>Copies every tensor of a file into the model; says all that does not fit at once.</summary>
    private static void Fill(Classifier model, CheckpointFile file, string path)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var state = model.state_dict();
        var fit = new StateDictFit([.. state.Select(entry => (entry.Key, entry.Value.shape))], file);
        if (!fit.Fits)
            throw new CheckpointException(path, $"does not fit {model.Architecture} with {Setting(model.Options)}:{fit.Describe()}\nName the right architecture with --arch{(model.Options.Form is null ? "" : ", the right form with --form")}{(model.Options.Patch is null ? "" : ", the right patch with --patch")}, or data with the right number of classes and channels.");
        foreach (var (name, target) in state)
        {
            if (file.Find(name) is { } stored) target.copy_(CheckpointTensors.ToTensor(stored));
        }
    }

    /// <summary>The same tensors under our names. A name whose translation is taken stays, and is then said to be unexpected.</summary>
    internal static CheckpointFile Imported(CheckpointFile file, ZooEntry entry)
    {
        var taken = file.Tensors.Select(t => t.Name).ToHashSet();
        CheckpointTensor Renamed(CheckpointTensor tensor) => taken.Add(entry.Import(tensor.Name)) ? tensor with { Name = entry.Import(tensor.Name) } : tensor;
        return new([.. file.Tensors.Select(Renamed)], file.Metadata, file.Format);
    }

    /// <summary>Outputs of the last layer: the length of the bias that this network has there.</summary>
    private static int? ClassesOf(CheckpointFile file, ZooEntry entry)
    {
        var bias = entry.LastBiases.Select(file.Find).FirstOrDefault(tensor => tensor is not null);
        return bias is { Shape.Length: 1 } ? checked((int)bias.Shape[0]) : null;
    }

    private static ModelOptions OptionsOf(CheckpointFile file, string path, ZooEntry? entry)
    {
        string Value(string key) => file.Metadata.GetValueOrDefault(Prefix + key)
            ?? throw new CheckpointException(path, $"the metadata lacks '{Prefix + key}'. The file was changed after Lacuna wrote it.");
        int Whole(string key) => int.TryParse(Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : throw new CheckpointException(path, $"the metadata says {Prefix + key} = '{Value(key)}', which is not a whole number.");
        float[] List(string key)
        {
            var parts = Value(key).Split(',');
            var numbers = new float[parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                    throw new CheckpointException(path, $"the metadata says {Prefix + key} = '{Value(key)}', which is not a list of numbers.");
            }
            return numbers;
        }
        Form? Named()
        {
            if (entry is null || entry.Forms.Count == 0) return null;
            // Files from before there were two forms hold the one for small images.
            if (!file.Metadata.TryGetValue(Prefix + "form", out var text)) return Form.Cifar;
            foreach (var form in entry.Forms)
            {
                if (Text(form) == text) return form;
            }
            throw new CheckpointException(path, $"the metadata says {Prefix}form = '{text}', which is not one of: {string.Join(", ", entry.Forms.Select(Text))}.");
        }
        return new(Whole("classes"), Whole("channels"), Whole("height"), Whole("width"), new(List("mean"), List("std")), Named(), entry is { HasPatches: true } ? Whole("patch") : null);
    }

    /// <summary>What a network is built for, in words.</summary>
    internal static string Setting(ModelOptions options)
    {
        var text = $"{options.Classes} classes and {options.Channels} channel(s)";
        if (options.Form is { } form) text += $" in the {Text(form)} form";
        if (options.Patch is { } patch) text += $", images of {options.Height}x{options.Width} and patches of {patch}";
        return text;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(Form form) => form.ToString().ToLowerInvariant();

    private static string Text(IEnumerable<float> values) => string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
