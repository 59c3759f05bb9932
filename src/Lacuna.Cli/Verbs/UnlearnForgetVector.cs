using Lacuna.Kernels;
using CommandLine;
using Lacuna.Methods;
using Lacuna.Methods.ForgetVector;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of forget-vector, run or profiled.</summary>
internal abstract class UnlearnForgetVector : UnlearnOptions
{
    [Option("alpha", Default = 1.0, HelpText = "Weight of the retain cross-entropy.")]
    public double Alpha { get; set; } = 1;

    [Option("beta", Default = 5.0, HelpText = "Weight of the forget margin; 3 to 10 in the published vectors.")]
    public double Beta { get; set; } = 5;

    [Option("lambda", Default = 1.0, HelpText = "Weight of the penalty.")]
    public double Lambda { get; set; } = 1;

    [Option("tau", Default = 1.0, HelpText = "Margin of the hinge.")]
    public double Tau { get; set; } = 1;

    [Option("penalty", Default = ForgetVectorPenalty.Reference, HelpText = "The code's ||delta||/B, or the paper's ||delta||^2.")]
    public ForgetVectorPenalty Penalty { get; set; }

    [Option("start", Default = ForgetVectorStart.Zero, HelpText = "Where delta starts.")]
    public ForgetVectorStart Start { get; set; }

    [Option("lr", Default = 0.2, HelpText = "Learning rate of the first epoch.")]
    public double LearningRate { get; set; } = 0.2;

    [Option("decay", Default = 0.9, HelpText = "Factor on the learning rate after every epoch.")]
    public double Decay { get; set; } = 0.9;

    [Option("momentum", Default = 0.9, HelpText = "Momentum of SGD.")]
    public double Momentum { get; set; } = 0.9;

    [Option("weight-decay", Default = 5e-4, HelpText = "Weight decay on delta.")]
    public double WeightDecay { get; set; } = 5e-4;

    [Option("batch", Default = 256, HelpText = "Images a step.")]
    public int BatchSize { get; set; } = 256;

    [Option("epochs", Default = 40, HelpText = "Passes over the training set.")]
    public int Epochs { get; set; } = 40;

    [Option("minimal-change", Default = 0.005, HelpText = "End after an epoch that moves the vector by less than this share of its norm; 0 runs every epoch.")]
    public double MinimalChange { get; set; } = 0.005;

    internal override IUnlearningMethod Method() => new ForgetVectorMethod(new ForgetVectorOptions
    {
        Alpha = Alpha, Beta = Beta, Lambda = Lambda, Tau = Tau, Penalty = Penalty, Start = Start, LearningRate = LearningRate,
        Decay = Decay, Momentum = Momentum, WeightDecay = WeightDecay, BatchSize = BatchSize, Epochs = Epochs, MinimalChange = MinimalChange,
    });
}
