using CommandLine;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;

namespace Lacuna.Cli.Verbs;

/// <summary>What composing vectors can be told.</summary>
internal abstract class UnlearnCompose : UnlearnOptions
{
    [Option("vectors", Required = true, Separator = ',', HelpText = "The vectors' files, as 'unlearn forget-vector' wrote them for this network, with commas between.")]
    public IEnumerable<string> Vectors { get; set; } = [];

    [Option("alpha", Default = 1.0, HelpText = "Weight of the retain cross-entropy.")]
    public double Alpha { get; set; } = 1;

    [Option("beta", Default = 5.0, HelpText = "Weight of the forget margin.")]
    public double Beta { get; set; } = 5;

    [Option("lambda", Default = 1.0, HelpText = "Weight of the coefficients' norm.")]
    public double Lambda { get; set; } = 1;

    [Option("tau", Default = 1.0, HelpText = "Margin of the hinge.")]
    public double Tau { get; set; } = 1;

    [Option("start", Default = CompositionStart.Zero, HelpText = "Where the coefficients start.")]
    public CompositionStart Start { get; set; }

    [Option("lr", Default = 3e-4, HelpText = "Learning rate of the first epoch; long vectors need a smaller one.")]
    public double LearningRate { get; set; } = 3e-4;

    [Option("decay", Default = 0.9, HelpText = "Factor on the learning rate after every epoch; 1 for none.")]
    public double Decay { get; set; } = 0.9;

    [Option("momentum", Default = 0.9, HelpText = "Momentum of SGD.")]
    public double Momentum { get; set; } = 0.9;

    [Option("weight-decay", Default = 5e-4, HelpText = "Weight decay on the coefficients.")]
    public double WeightDecay { get; set; } = 5e-4;

    [Option("batch", Default = 256, HelpText = "Images a step.")]
    public int BatchSize { get; set; } = 256;

    [Option("epochs", Default = 5, HelpText = "Passes over the training set.")]
    public int Epochs { get; set; } = 5;

    [Option("minimal-change", Default = 1e-4, HelpText = "End after an epoch that moves the coefficients by less than this share of their norm; 0 runs every epoch.")]
    public double MinimalChange { get; set; } = 1e-4;

    internal override IUnlearningMethod Method()
    {
        string[] files = [.. Vectors.Select(file => file.Trim()).Where(file => file.Length > 0)];
        if (files.Length == 0) throw new UsageException("--vectors names no file. Give the vectors that 'unlearn forget-vector' wrote, with commas between.");
        return new CompositionMethod(Settings(), [.. files.Select(ForgetVectorFile.Read)]);
    }

    internal CompositionOptions Settings() => new()
    {
        Alpha = Alpha, Beta = Beta, Lambda = Lambda, Tau = Tau, Start = Start, LearningRate = LearningRate,
        Decay = Decay, Momentum = Momentum, WeightDecay = WeightDecay, BatchSize = BatchSize, Epochs = Epochs, MinimalChange = MinimalChange,
    };
}
