using System.Globalization;

namespace Lacuna.Runs.Experiments;

/// <summary>
/// Where everything lies in the folder of an experiment. Whoever reads one (the report, 'lacuna evaluate') finds files through this class.
/// <code>
/// FOLDER/
///   experiment.yaml                 the experiment as it was given; the first lines say what the command line changed
///   config.json                     command line, seeds, data, and every task with network, recipe, methods and studies, all options written out
///   environment.json                versions and machine of the last process that worked on it
///   results.json                    ExperimentResult: per task one table a seed and the summary over seeds, verdicts, expected ranges; written when everything is done
///   tables.md                       the same tables for people
///   tasks/TASK/
///     seed-N/
///       split.json, forget.txt, retain.txt
///       original.safetensors        the network before anything was forgotten (.pt where it came as TorchScript)
///       METHOD.safetensors          what the method left: a network, or a forget vector (retrain: the oracle)
///       METHOD.trace.json           options, steps, stop reason and the course of the method
///       SUBJECT.measurement.json    what was measured of it
///       metrics.json                the table of this seed: a ResultTable, as unlearn and demo write it
///       items/SUBJECT.json          record of the finished item (original or method): key, what the key was made of, hashes of the files, seconds
///       items/SUBJECT.measured.json the same of its measurement
///     figures/
///       ID.json                     a Figure; pictures and raw values (PNG, CSV) lie beside it
///     studies/
///       STUDY.json                  record of the finished study: key, ids of its figures, seconds, or why it was left out
/// </code>
/// A task of a 'demo' run is a folder CLASS or INSTANCES directly in the run's folder, and an 'unlearn' run is one such folder itself: both have split, networks, METHOD.trace.json and metrics.json
/// under these names, without item records. A record is written last, so what it speaks of is there.
/// </summary>
public static class ExperimentLayout
{
    /// <summary>The experiment as it was given.</summary>
    public const string Yaml = "experiment.yaml";

    /// <summary>Everything written out.</summary>
    public const string Config = "config.json";

    /// <summary>Versions and machine.</summary>
    public const string Environment = "environment.json";

    /// <summary>The results of everything.</summary>
    public const string Results = "results.json";

    /// <summary>The results for people.</summary>
    public const string Tables = "tables.md";

    /// <summary>The table of one split.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>Folder of a task, relative to the experiment's.</summary>
    public static string Task(string task) => Path.Combine("tasks", task);

    /// <summary>Folder of a task's seed.</summary>
    public static string Seed(string task, ulong seed) => Path.Combine(Task(task), string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>Folder of a task's figures.</summary>
    public static string Figures(string task) => Path.Combine(Task(task), "figures");

    /// <summary>Record of a figure.</summary>
    public static string Figure(string task, string id) => Path.Combine(Figures(task), id + ".json");

    /// <summary>Record of a finished study.</summary>
    public static string Study(string task, string study) => Path.Combine(Task(task), "studies", study + ".json");

    /// <summary>Record of an original or a method's run.</summary>
    public static string Item(string task, ulong seed, string subject) => Path.Combine(Seed(task, seed), "items", subject + ".json");

    /// <summary>Record of a finished measurement.</summary>
    public static string MeasuredItem(string task, ulong seed, string subject) => Path.Combine(Seed(task, seed), "items", subject + ".measured.json");

    /// <summary>How the name of a measurement ends, behind the subject's.</summary>
    public const string MeasurementEnding = ".measurement.json";

    /// <summary>What was measured of a subject.</summary>
    public static string Measurement(string task, ulong seed, string subject) => Path.Combine(Seed(task, seed), subject + MeasurementEnding);
}
