using Lacuna.Data;
using Lacuna.Reports;

namespace Lacuna.Runs.Experiments;

/// <summary>Does an experiment, or what of it is not done yet.</summary>
public static class ExperimentRun
{
    /// <summary>Runs all tasks with all seeds, then the studies of each task on its first seed, and writes the results.</summary>
    /// <param name="context">Checked by <see cref="ExperimentCheck"/>.</param>
    /// <param name="config">The experiment written out.</param>
    /// <param name="cancellation">Ends the run; what is finished stays and is not done again.</param>
    public static ExperimentResult Run(ExperimentContext context, ExperimentConfig config, CancellationToken cancellation)
    {
        var (plan, folder, start) = (context.Plan, context.Folder.Directory, context.Clock.GetTimestamp());
        var environment = RunEnvironment.Current(context.Compute, context.Clock);
        // First: it says whose folder this is, and so lets a later process go on.
        folder.Write(ExperimentLayout.Config, config);
        AtomicFile.WriteAllText(folder.FileAt(ExperimentLayout.Yaml), $"# {config.Command}\n{plan.Text}");
        folder.Write(ExperimentLayout.Environment, environment);
        var tasks = plan.Tasks.Select(task => Task(context, task, cancellation)).ToList();
        var result = new ExperimentResult(plan.Name, plan.About, plan.Source, config.Data, environment, plan.Seeds, tasks, ExpectedFinding.Of(plan.Expected, tasks), plan.ExpectedNote, context.Clock.GetElapsedTime(start).TotalSeconds);
        folder.Write(ExperimentLayout.Results, result);
        AtomicFile.WriteAllText(folder.FileAt(ExperimentLayout.Tables), ExperimentMarkdown.Of(result));
        return result;
    }

    private static TaskResult Task(ExperimentContext context, PlannedTask task, CancellationToken cancellation)
    {
        var (seeds, studies) = (new List<SeedMeasurements>(), new List<StudyResult>());
        foreach (var seed in context.Plan.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            using var run = new SeedRun(context, task, seed);
            seeds.Add(run.Run(cancellation));
            if (seed == context.Plan.Seeds[0]) studies.AddRange(task.Studies.Select(study => new StudyRun(context, task, run).Run(study, cancellation)));
        }
        return new(task.Name, task.Title ?? seeds[0].Table.Title, task.Forget.ToString(), [.. context.Plan.Seeds.Zip(seeds, (seed, found) => new SeedResult(seed, found.Table))], TaskSummary.Of(seeds), studies);
    }
}
