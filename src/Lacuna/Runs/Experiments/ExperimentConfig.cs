using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;

namespace Lacuna.Runs.Experiments;

/// <summary>An experiment with everything written out: what <see cref="ExperimentLayout.Config"/> holds.</summary>
/// <param name="Verb">"experiment", as in the config of other runs.</param>
/// <param name="Key">Hash of what is to be done: two folders with the same key hold the same experiment.</param>
/// <param name="Name">Its name.</param>
/// <param name="About">What it is for.</param>
/// <param name="Source">The paper's table or figure; null for none.</param>
/// <param name="Command">The command line that repeats it.</param>
/// <param name="Seeds">Everything is done once a seed.</param>
/// <param name="Data">The training set's name.</param>
/// <param name="DataHash">Its <see cref="ImageSet.ContentHash"/>.</param>
/// <param name="TestHash">The test set's.</param>
/// <param name="DataSource">Where they are from.</param>
/// <param name="Metrics">What is measured besides the table's figures.</param>
/// <param name="Tasks">What is forgotten.</param>
/// <param name="Expected">Where figures should lie.</param>
/// <param name="ExpectedNote">A sentence about that.</param>
public sealed record ExperimentConfig(
    string Verb, string Key, string Name, string About, string? Source, string Command, IReadOnlyList<ulong> Seeds, string Data, string DataHash, string TestHash, DataSource DataSource,
    MetricGroups Metrics, IReadOnlyList<TaskConfig> Tasks, IReadOnlyList<ExpectedRange> Expected, string? ExpectedNote)
{
    /// <summary>The verb of experiments.</summary>
    public const string VerbName = "experiment";

    /// <summary>Writes a plan out for its data.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="data">Its data.</param>
    /// <param name="command">The command line.</param>
    public static ExperimentConfig Of(ExperimentPlan plan, LoadedData data, string command)
    {
        var tasks = plan.Tasks.Select(TaskConfig.Of).ToList();
        var key = WorkKey.Of(new { plan.Name, plan.Seeds, Train = data.Train.ContentHash, data.Train.Height, data.Train.Width, Test = data.Test.ContentHash, plan.Metrics, Tasks = tasks, plan.Expected });
        return new(VerbName, key, plan.Name, plan.About, plan.Source, command, plan.Seeds, data.Train.Name, data.Train.ContentHash, data.Test.ContentHash, data.Source, plan.Metrics, tasks, plan.Expected, plan.ExpectedNote);
    }
}

/// <summary>A task with everything written out.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Forget">The words of the forget set.</param>
/// <param name="Model">Network and recipe.</param>
/// <param name="Methods">Options of each method, by name.</param>
/// <param name="Studies">Options of each study, by name.</param>
public sealed record TaskConfig(string Name, string Forget, PlannedModel Model, IReadOnlyDictionary<string, object> Methods, IReadOnlyDictionary<string, object> Studies)
{
    /// <summary>Writes a task out.</summary>
    public static TaskConfig Of(PlannedTask task) => new(task.Name, task.Forget.ToString(), task.Model, task.Methods.ToDictionary(m => m.Name, m => m.Options), task.Studies.ToDictionary(s => s.Name, s => s.Options));
}
