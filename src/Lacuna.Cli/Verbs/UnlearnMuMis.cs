using CommandLine;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of mu-mis, run or profiled.</summary>
internal abstract class UnlearnMuMis : UnlearnOptions
{
    private static readonly MuMisOptions Defaults = new();

    [Option("lr", HelpText = "Step size (default 1e-4: adapt it to your network).")]
    public double? LearningRate { get; set; }

    [Option("delta", HelpText = "Stop when the irrelevant sensitivity rises past this share of its start.")]
    public double? Delta { get; set; }

    [Option("batch", HelpText = "Forget images a step; 0 for all.")]
    public int? BatchSize { get; set; }

    [Option("max-steps", HelpText = "Cap on the steps.")]
    public int? MaxSteps { get; set; }

    internal override IUnlearningMethod Method() => new MuMisMethod(new MuMisOptions
    {
        LearningRate = LearningRate ?? Defaults.LearningRate,
        Delta = Delta ?? Defaults.Delta,
        BatchSize = BatchSize ?? Defaults.BatchSize,
        MaxSteps = MaxSteps ?? Defaults.MaxSteps,
    });
}
