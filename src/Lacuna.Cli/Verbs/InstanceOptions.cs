using CommandLine;
using Lacuna.Methods;
using Lacuna.Methods.InstanceWise;

namespace Lacuna.Cli.Verbs;

/// <summary>What instance-wise unlearning and plain negative gradient share.</summary>
internal abstract class InstanceOptions : UnlearnOptions
{
    [Option("lr", Default = 1e-3, HelpText = "Learning rate.")]
    public double LearningRate { get; set; } = 1e-3;

    [Option("momentum", Default = 0.9, HelpText = "Momentum of SGD.")]
    public double Momentum { get; set; } = 0.9;

    [Option("weight-decay", Default = 1e-4, HelpText = "Weight decay.")]
    public double WeightDecay { get; set; } = 1e-4;

    [Option("batch", Default = 32, HelpText = "Forget images a step.")]
    public int BatchSize { get; set; } = 32;

    [Option("batch-norm", Default = BatchNormMode.Eval, HelpText = "Running statistics, or those of the batch as in the published code.")]
    public BatchNormMode BatchNorm { get; set; }

    [Option("max-passes", Default = 1000, HelpText = "Cap on the passes.")]
    public int MaxPasses { get; set; } = 1000;

    /// <summary>All options of the method.</summary>
    protected abstract InstanceWiseOptions Settings();

    internal sealed override IUnlearningMethod Method() => new InstanceWiseMethod(Settings());

    /// <summary>The shared options filled in.</summary>
    protected InstanceWiseOptions Shared() => new()
    {
        LearningRate = LearningRate, Momentum = Momentum, WeightDecay = WeightDecay, ForgetBatchSize = BatchSize, BatchNorm = BatchNorm, MaxPasses = MaxPasses,
    };
}
