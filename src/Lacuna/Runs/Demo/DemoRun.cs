using System.Globalization;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Runs.Demo;

/// <summary>
/// The main job on bundled data: train, retrain without a class, forget the class by forget vector and MU-Mis, forget
/// random images instance-wise, measure everything.
/// </summary>
public static class DemoRun
{
    /// <summary>Runs the demo and writes its run directory.</summary>
    /// <param name="options">What to forget.</param>
    /// <param name="command">The command line that repeats it, for the record.</param>
    /// <param name="compute">Where to compute and with what.</param>
    /// <param name="directory">An empty run directory.</param>
    /// <param name="clock">Measures run time.</param>
    /// <param name="progress">Told what is going on.</param>
    /// <param name="cancellation">Ends the run; what was written stays.</param>
    public static DemoResult Run(DemoOptions options, string command, Compute compute, RunDirectory directory, TimeProvider clock, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var train = BundledData.FashionMnist(DataSplit.Train);
        var test = BundledData.FashionMnist(DataSplit.Test);
        var experiment = new Experiment(train, test, new DrawSource(options.Seed), compute, directory, clock, progress);
        var classSplit = ForgetSetSpec.Parse(string.Create(CultureInfo.InvariantCulture, $"class:{options.ForgetClass}")).Split(train, experiment.Draws);
        var instanceSplit = ForgetSetSpec.Parse(string.Create(CultureInfo.InvariantCulture, $"random:{options.Instances}")).Split(train, experiment.Draws);
        var environment = RunEnvironment.Current(compute, clock);
        directory.Write("environment.json", environment);
        directory.Write("config.json", new Config("demo", command, options, DemoRecipe.Training.Architecture, DemoRecipe.Training.Recipe, DemoRecipe.TrainingToTheEnd.Recipe, MethodsOf(DemoRecipe.ForClass), MethodsOf(DemoRecipe.ForInstances)));

        var shape = new ModelOptions(train.ClassCount, train.Channels, train.Height, train.Width, Normalisation.FashionMnist);
        ResultTable Forget(string folder, string title, ForgetSplit split, TrainingPreset preset, IReadOnlyList<IUnlearningMethod> methods)
        {
            using var original = experiment.Original(preset.Architecture, shape, preset.Recipe, cancellation).Model;
            Directory.CreateDirectory(directory.FileAt(folder));
            ModelFile.Save(original, directory.FileAt(Path.Combine(folder, "original.safetensors")));
            return experiment.Unlearn(folder, title, split, original, methods, oracle: null, goOn: true, cancellation);
        }

        var name = train.ClassNames[options.ForgetClass];
        var byClass = Forget("class", $"Forget the class {options.ForgetClass} ({name}): {classSplit.Forget.Length} images", classSplit, DemoRecipe.Training, DemoRecipe.ForClass);
        var byInstance = Forget("instances", $"Forget {instanceSplit.Forget.Length} random images, from a network trained to the end", instanceSplit, DemoRecipe.TrainingToTheEnd, DemoRecipe.ForInstances);
        var result = new DemoResult(environment, clock.GetElapsedTime(start).TotalSeconds, [byClass, byInstance]);
        directory.Write("metrics.json", result);
        AtomicFile.WriteAllText(directory.FileAt("tables.md"), string.Join("\n", result.Tables.Select(Reports.MarkdownTable.Of)));
        return result;
    }

    private static Dictionary<string, object> MethodsOf(IEnumerable<IUnlearningMethod> methods) => methods.ToDictionary(m => m.Name, m => m.Options);

    private sealed record Config(string Verb, string Command, DemoOptions Options, string Architecture, object ClassTraining, object InstanceTraining, Dictionary<string, object> ClassMethods, Dictionary<string, object> InstanceMethods);
}
