using Lacuna.Methods;
using Lacuna.Studies;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>Reads lists of methods and of studies: '- name', or '- name: { option: value }'.</summary>
internal sealed class MethodSections(string file)
{
    public IReadOnlyList<IUnlearningMethod> Methods(YamlSection section, PlannedModel model)
    {
        var methods = new List<IUnlearningMethod>();
        foreach (var node in section.List("methods"))
        {
            var (name, options) = Entry(node, "method");
            var entry = MethodCatalogue.All.FirstOrDefault(e => e.Name == name) ?? throw YamlSection.Unknown(file, node, name, "no method", [.. MethodCatalogue.All.Select(e => e.Name)]);
            if (name == ResultTable.Oracle && model.Recipe is null)
                throw new ExperimentFileException(file, node.Start.Line, "retrain needs the recipe by which the checkpoint was trained. Add 'preset' or 'recipe' to the model.");
            methods.Add(section.At(node, () => entry.Create(new OptionsBinder(file).Bind(entry.DefaultsFor(model.Recipe ?? new()), options, name))));
            if (methods.Count(m => m.Name == name) > 1) throw new ExperimentFileException(file, node.Start.Line, $"{name} stands twice in one list, and files and colours go by the name. Make a task of its own for the second.");
        }
        return methods;
    }

    public IReadOnlyList<IStudy> Studies(YamlSection section)
    {
        var studies = new List<IStudy>();
        foreach (var node in section.List("studies"))
        {
            var (name, options) = Entry(node, "study");
            var entry = StudyCatalogue.All.FirstOrDefault(e => e.Name == name) ?? throw YamlSection.Unknown(file, node, name, "no study", [.. StudyCatalogue.All.Select(e => e.Name)]);
            studies.Add(section.At(node, () => entry.Create(new OptionsBinder(file).Bind(entry.Defaults, options, name))));
            if (studies.Count(s => s.Name == name) > 1) throw new ExperimentFileException(file, node.Start.Line, $"{name} stands twice in one list. Make a task of its own for the second.");
        }
        return studies;
    }

    private (string Name, YamlNode? Options) Entry(YamlNode node, string what) => node switch
    {
        YamlScalarNode { Value: { } name } => (name, null),
        YamlMappingNode { Children: [{ Key: YamlScalarNode { Value: { } name }, Value: var options }] } => (name, YamlSection.IsNull(options) ? null : options),
        _ => throw new ExperimentFileException(file, node.Start.Line, $"a {what} is written '- name', or '- name: {{ option: value }}'."),
    };
}
