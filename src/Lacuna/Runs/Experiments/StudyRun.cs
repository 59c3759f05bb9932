using Lacuna.Figures;
using Lacuna.Studies;

namespace Lacuna.Runs.Experiments;

/// <summary>The studies of a task, on the networks of one seed.</summary>
/// <param name="context">What the experiment shares.</param>
/// <param name="task">The task.</param>
/// <param name="seed">The seed's run, done.</param>
internal sealed class StudyRun(ExperimentContext context, PlannedTask task, SeedRun seed)
{
    /// <summary>Does a study, or finds it done. One that fails is noted, and tried again by the next run.</summary>
    public StudyResult Run(IStudy study, CancellationToken cancellation)
    {
        var inputs = new WorkInputs("study", seed.Keys, [context.Data.Train.ContentHash, context.Data.Test.ContentHash], WorkKey.OfRows(seed.Split.Forget), study.Name,
            new { study.Options, task.Model.Recipe }, seed.Draws.Seed, CodeVersion.Current);
        var name = ExperimentLayout.Study(task.Name, study.Name);
        if (context.Folder.Find<StudyOutcome>(name, inputs) is { } done) return Result(study, done, null);
        context.Progress.Report(new($"{task.Name}: {study.Name}", 0, 1, ""));
        var start = context.Clock.GetTimestamp();
        try
        {
            var folder = context.Folder.Directory.FileAt(ExperimentLayout.Figures(task.Name));
            Directory.CreateDirectory(folder);
            var given = new StudyContext(context.Data.Train, context.Data.Test, seed.Split, seed.Draws, context.Compute, seed.Subjects(), task.Methods, task.Model.Recipe ?? new(), folder, context.Clock, context.Progress);
            var missing = study.Lacks(given);
            IReadOnlyList<Figure> figures = missing is null ? study.Run(given, cancellation) : [];
            foreach (var figure in figures) context.Folder.Directory.Write(ExperimentLayout.Figure(task.Name, figure.Id), figure);
            var record = context.Folder.Done(name, inputs, figures.Select(figure => ExperimentLayout.Figure(task.Name, figure.Id)), context.Clock.GetElapsedTime(start).TotalSeconds,
                new StudyOutcome([.. figures.Select(figure => figure.Id)], missing));
            context.Progress.Report(new($"{task.Name}: {study.Name}", 1, 1, ""));
            return Result(study, record, null);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Data.ForgetSetException or Data.DataFileException)
        {
            // Hours of other work must not be lost for one figure.
            context.Note($"{study.Name} of {task.Name} failed: {e.Message} The rest goes on.");
            return new(study.Name, [], 0, null, e.Message);
        }
    }

    private static StudyResult Result(IStudy study, WorkRecord<StudyOutcome> record, string? failure) => new(study.Name, record.Result.Figures, record.Seconds, record.Result.LeftOut, failure);
}
