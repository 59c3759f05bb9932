using Lacuna.Methods.Training;
using Lacuna.Models;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>Reads the network of an experiment or a task.</summary>
internal static class ModelSection
{
    private static readonly string[] Keys = ["preset", "architecture", "form", "patch", "classes", "mean", "std", "recipe", "checkpoint", "torchscript"];

    public static PlannedModel Read(string file, YamlNode node)
    {
        var section = new YamlSection(file, node, "model", Keys);
        var preset = section.Node("preset") is { } named ? section.At(named, () => TrainingPresets.Named(section.Scalar(named, "preset"))) : null;
        var checkpoint = section.Text("checkpoint");
        var architecture = section.Text("architecture") ?? preset?.Architecture;
        if (architecture is not null) section.At(section.Node("architecture") ?? section.Node("preset")!, () => ModelZoo.Find(architecture));
        else if (checkpoint is null) throw new ExperimentFileException(file, section.Line, "a model needs a 'preset', an 'architecture' or a 'checkpoint'.");
        var recipe = section.Node("recipe");
        var trained = recipe is not null || preset is not null || checkpoint is null
            ? new OptionsBinder(file).Bind(preset?.Recipe ?? new TrainingOptions(), recipe, "recipe")
            : null;
        section.At(recipe ?? node, () =>
        {
            trained?.Validate();
            return true;
        });
        if (section.Flag("torchscript") && checkpoint is null) throw new ExperimentFileException(file, section.Node("torchscript")!.Start.Line, "'torchscript' is for a 'checkpoint'.");
        return new()
        {
            Checkpoint = checkpoint, TorchScript = section.Flag("torchscript"), Architecture = architecture, Form = section.Choice<Form>("form"), Patch = section.Whole("patch"),
            Classes = section.Whole("classes"), Normalisation = Normalisation(section), Recipe = trained,
        };
    }

    private static Normalisation? Normalisation(YamlSection section)
    {
        var (mean, std) = (section.Numbers("mean"), section.Numbers("std"));
        if (mean.Count == 0 != (std.Count == 0)) throw new ExperimentFileException(section.File, section.Line, "'mean' and 'std' belong together; give both or none.");
        return mean.Count == 0 ? null : new([.. mean], [.. std]);
    }
}
