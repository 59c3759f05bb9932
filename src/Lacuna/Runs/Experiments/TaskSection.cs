using Lacuna.Data;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>Reads a task; model, methods and studies come from the experiment where it has none of its own.</summary>
internal static class TaskSection
{
    private static readonly string[] Keys = ["name", "title", "forget", "model", "methods", "studies"];

    public static PlannedTask Read(string file, YamlNode node, YamlSection root, YamlNode? commonModel, MethodSections sections)
    {
        var task = new YamlSection(file, node, "a task", Keys);
        var words = task.Required("forget");
        var forget = task.At(words, () => ForgetSetSpec.Parse(task.Scalar(words, "forget")));
        var name = ExperimentFile.Name(task, task.Required("name"));
        var model = ModelSection.Read(file, task.Node("model") ?? commonModel ?? throw new ExperimentFileException(file, task.Line, "neither the task nor the experiment has a 'model'."));
        var methods = sections.Methods(task.Has("methods") ? task : root, model);
        var studies = sections.Studies(task.Has("studies") ? task : root);
        if (methods.Count == 0 && studies.Count == 0) throw new ExperimentFileException(file, task.Line, $"the task '{name}' has nothing to do: list its 'methods', or those of all tasks beside 'tasks'.");
        return new(name, task.Text("title"), forget, model, methods, studies, task.Line);
    }
}
