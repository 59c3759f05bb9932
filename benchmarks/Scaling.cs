using System.Diagnostics;
using System.Text.Json;
using CommandLine;
using Lacuna.Benchmarks.Steps;
using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks;

/// <summary>
/// Whether an image costs the same in any batch, and a batch the same with any number of forget vectors. All sizes are measured in turn, round by round, each on as many images in all, so that a load
/// which changes meets them alike; the best of the rounds counts.
/// </summary>
internal sealed class Scaling : IDisposable
{
    /// <summary>The size of the batch to which the others are held, and at which forget vectors are applied.</summary>
    public const int Reference = 256;

    /// <summary>Name of the measurement of forget vectors among those of the steps.</summary>
    public const string Vectors = "vectors";

    private const int MostVectors = 64;
    private const int Applications = 40;

    private readonly Setting _whole;
    private readonly Dictionary<int, Setting> _parts;
    private readonly Tensor _vectors, _images;

    private Scaling(string architecture)
    {
        var compute = (Compute)CPU;
        var most = Batches.Max();
        // No instance-wise method is measured.
        _whole = new(Setting.Trained(architecture, compute), new() { Batch = most, ImportanceImages = most, Instances = 1, Attacks = 1, AttackSteps = 1 }, compute);
        _parts = Batches.ToDictionary(size => size, size => _whole.Part(_whole.Options with { Batch = size }));
        _images = _parts[Reference]["images"];
        using var draws = new Generator(1);
        _vectors = rand([MostVectors, .. _images.shape[1..]], generator: draws).div_(MostVectors);
    }

    /// <summary>Images of a batch.</summary>
    public static IReadOnlyList<int> Batches { get; } = [32, 64, 128, 256, 512];

    /// <summary>Steps with a batch; the instance-wise method is made of these.</summary>
    public static IReadOnlyList<Step> Steps { get; } = [.. AllSteps.InOrder.Where(step => step.HasExactResult)];

    /// <summary>Measures and prints; returns the exit code.</summary>
    public static int Run(string[] arguments)
    {
        var parsed = new Parser(settings => settings.HelpWriter = Console.Error).ParseArguments<ScalingOptions>(arguments);
        return parsed.MapResult(Run, _ => 2);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        foreach (var part in _parts.Values) part.Dispose();
        _whole.Dispose();
    }

    private static int Run(ScalingOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine("error: " + e.Message);
            return 2;
        }
        set_num_threads(options.ThreadCount);
        using var scaling = new Scaling(options.Architecture);
        var report = scaling.Measure(options);
        Console.Out.Write(options.Json ? JsonSerializer.Serialize(report, RunJson.Options) + Environment.NewLine : ScalingTable.Markdown(report));
        return 0;
    }

    private ScalingReport Measure(ScalingOptions options)
    {
        bool Chosen(string name) => !options.Steps.Any() || options.Steps.Contains(name);
        var steps = Steps.Where(step => Chosen(step.Name)).ToArray();
        int[] counts = Chosen(Vectors) ? [.. Enumerable.Range(0, 7).Select(power => 1 << power)] : [];
        var best = new Dictionary<(string Name, int Size), double>();
        // The first round fetches memory and compiles.
        for (var round = 0; round <= options.Rounds; round++)
        {
            void Take(string name, int size, double microseconds)
            {
                if (round > 0) best[(name, size)] = Math.Min(microseconds, best.GetValueOrDefault((name, size), double.PositiveInfinity));
            }
            foreach (var step in steps)
            {
                foreach (var size in Batches) Take(step.Name, size, OfStep(step, size));
            }
            foreach (var count in counts) Take(Vectors, count, OfVectors(count));
            Console.Error.WriteLine(round == 0 ? "warm" : $"round {round} of {options.Rounds}");
        }
        IReadOnlyList<ScalingPoint> Points(string name, IEnumerable<int> sizes, int reference) => [.. sizes.Select(size => new ScalingPoint(size, best[(name, size)], best[(name, size)] / best[(name, reference)]))];
        return new(RunEnvironment.Current(_whole.Compute, TimeProvider.System), options.Architecture, options.Rounds,
            [.. steps.Select(step => new StepScaling(step.Name, Points(step.Name, Batches, Reference)))], counts.Length == 0 ? [] : Points(Vectors, counts, 1));
    }

    /// <summary>Microseconds an image.</summary>
    private double OfStep(Step step, int size)
    {
        var part = _parts[size];
        var batches = Batches.Max() / size;
        var network = step.MovesWeights ? ModelZoo.Clone(part.Model) : part.Model;
        try
        {
            using var work = step.Prepare(part, network, step.CanRepeat ? batches : 1);
            var start = Stopwatch.GetTimestamp();
            for (var batch = 0; batch < (step.CanRepeat ? 1 : batches); batch++) work.Do();
            var microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            foreach (var result in work.Results().Values) result.Dispose();
            return microseconds / (batches * size);
        }
        finally
        {
            if (step.MovesWeights) network.Dispose();
        }
    }

    /// <summary>Microseconds a batch, with weights that all images share, as a composition has them.</summary>
    private double OfVectors(int count)
    {
        using var vectors = _vectors.narrow(0, 0, count);
        using var weights = ones(count);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Applications; i++) _whole.Compute.Kernels.ApplyForgetVectors(_images, vectors, weights).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Applications;
    }
}
