using System.Globalization;
using Lacuna.Data;
using Lacuna.Methods;
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
    /// <param name="device">Where to compute.</param>
    /// <param name="directory">An empty run directory.</param>
    /// <param name="clock">Measures run time.</param>
    /// <param name="progress">Told what is going on.</param>
    /// <param name="cancellation">Ends the run; what was written stays.</param>
    public static DemoResult Run(DemoOptions options, Device device, RunDirectory directory, TimeProvider clock, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var train = BundledData.FashionMnist(DataSplit.Train);
        var test = BundledData.FashionMnist(DataSplit.Test);
        var experiment = new Experiment(train, test, new DrawSource(options.Seed), device, directory, clock, progress);
        var classSplit = ForgetSetSpec.Parse(string.Create(CultureInfo.InvariantCulture, $"class:{options.ForgetClass}")).Split(train, experiment.Draws);
        var instanceSplit = ForgetSetSpec.Parse(string.Create(CultureInfo.InvariantCulture, $"random:{options.Instances}")).Split(train, experiment.Draws);
        var environment = RunEnvironment.Current(device, clock);
        directory.Write("environment.json", environment);
        directory.Write("config.json", new Config("demo", options, DemoRecipe.Architecture, DemoRecipe.Training, MethodsOf(DemoRecipe.ForClass), MethodsOf(DemoRecipe.ForInstances)));

        var shape = new ModelOptions(train.ClassCount, train.Channels, train.Height, train.Width, Normalisation.FashionMnist);
        using var original = ModelZoo.Create(DemoRecipe.Architecture, shape, options.Seed);
        var seconds = experiment.TrainOriginal(original, DemoRecipe.Training, cancellation);
        ModelFile.Save(original, directory.FileAt("original.safetensors"));
        var name = train.ClassNames[options.ForgetClass];
        var byClass = experiment.Unlearn("class", $"Forget the class {options.ForgetClass} ({name}): {classSplit.Forget.Length} images", classSplit, original, DemoRecipe.ForClass, null, cancellation);
        var byInstance = experiment.Unlearn("instances", $"Forget {instanceSplit.Forget.Length} random images", instanceSplit, original, DemoRecipe.ForInstances, null, cancellation);
        var result = new DemoResult(environment, seconds, clock.GetElapsedTime(start).TotalSeconds, [byClass, byInstance]);
        directory.Write("metrics.json", result);
        AtomicFile.WriteAllText(directory.FileAt("tables.md"), string.Join("\n", result.Tables.Select(Reports.MarkdownTable.Of)));
        return result;
    }

    private static Dictionary<string, object> MethodsOf(IEnumerable<IUnlearningMethod> methods) => methods.ToDictionary(m => m.Name, m => m.Options);

    private sealed record Config(string Verb, DemoOptions Options, string Architecture, object Training, Dictionary<string, object> ClassMethods, Dictionary<string, object> InstanceMethods);
}
