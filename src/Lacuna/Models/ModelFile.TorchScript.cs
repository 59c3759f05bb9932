using Lacuna.Models.Checkpoints;
using Lacuna.Models.TorchScript;

namespace Lacuna.Models;

// Networks that come with their code.
public static partial class ModelFile
{
    /// <summary>How the name of a file with this network ends: TorchScript comes as TorchScript again, everything else as safetensors.</summary>
    public static string Extension(Classifier model) => model is ScriptedClassifier ? ".pt" : ".safetensors";

    private static ScriptedClassifier LoadScript(string path, string? architecture, ModelOptions fallback, Action<string> warn, ScriptTerms? terms)
    {
        if (architecture is not null)
            throw new CheckpointException(path, "is a TorchScript module, which brings its own architecture. Leave --arch out.");
        if (terms is null)
        {
            throw new CheckpointException(path, "is a TorchScript module: opening it runs the program inside, which a state dict does not have. If you trust where it comes from, add --torchscript. "
                + "Otherwise take its weights alone, in Python: torch.save(torch.jit.load(file).state_dict(), other).");
        }
        var foreign = false;
        var model = ScriptFile.Load(path, ShapeOf, warn);
        if (foreign && terms.Normalisation is null) warn($"{path}: images go to the TorchScript module as they are, in [0,1]. If it expects them normalised, give --mean and --std.");
        return model;

        ModelOptions ShapeOf(IReadOnlyDictionary<string, string> metadata)
        {
            foreign = !metadata.ContainsKey(Prefix + "architecture");
            return !foreign ? OptionsOf(new CheckpointFile([], metadata), path, null) : fallback with { Form = null, Patch = null, Normalisation = terms.Normalisation ?? Normalisation.None(fallback.Channels) };
        }
    }
}
