using Lacuna.Kernels;
using CommandLine;
using Lacuna.Cli.Verbs;
using Lacuna.Methods.Composition;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Training;
using Lacuna.Runs.Demo;

namespace Lacuna.Tests.Cli;

/// <summary>An option left out on the command line means the engine's own default, whatever the help says it is.</summary>
public sealed class DefaultsTests
{
    private static readonly string[] Required = ["--checkpoint", "c", "--forget", "class:1", "--out", "o"];

    [Fact]
    public void ForgetVector() => Assert.Equal(new ForgetVectorOptions(), Parse<RunForgetVector>(Required).Method().Options);

    [Fact]
    public void Compose() => Assert.Equal(new CompositionOptions(), Parse<RunCompose>([.. Required, "--vectors", "v"]).Settings());

    [Fact]
    public void MuMis() => Assert.Equal(new MuMisOptions(), Parse<RunMuMis>(Required).Method().Options);

    [Fact]
    public void InstanceWise() => Assert.Equal(new InstanceWiseOptions(), Parse<RunInstanceWise>(Required).Method().Options);

    [Fact]
    public void NegativeGradient() => Assert.Equal(new InstanceWiseOptions { AdversarialImages = 0, Lambda = 0 }, Parse<RunNegativeGradient>(Required).Method().Options);

    [Fact]
    public void Retrain() => Assert.Equal(new TrainingOptions(), Parse<RunRetrain>(Required).Method().Options);

    [Fact]
    public void FineTune() => Assert.Equal(FineTuneMethod.Defaults, Parse<RunFineTune>(Required).Method().Options);

    [Fact]
    public void Train()
    {
        var engine = new TrainingOptions();
        Assert.Equal(engine, Parse<TrainVerb>("--out", "o").Recipe());
        // The options have none of their own, so the help says the engine's.
        var help = System.Text.RegularExpressions.Regex.Replace(Said.By("train", "--help").Out, @"\s+", " ");
        foreach (var (option, value) in new[] { ("epochs", $"{engine.Epochs}"), ("batch", $"{engine.BatchSize}"), ("lr", Text(engine.LearningRate)), ("momentum", Text(engine.Momentum)), ("weight-decay", Text(engine.WeightDecay)), ("warmup", Text(engine.WarmupShare)), ("label-smoothing", Text(engine.LabelSmoothing)), ("precision", "float32") })
            Assert.Matches($@"--{option} [^-]*\(default: {System.Text.RegularExpressions.Regex.Escape(value)}\)", help);
        static string Text(double value) => value.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Demo()
    {
        var verb = Parse<DemoVerb>();
        Assert.Equal(new DemoOptions(), new DemoOptions { ForgetClass = verb.ForgetClass, Instances = verb.Instances, Seed = verb.Seed });
    }

    [Fact]
    public void NamesOfChoicesAreTakenInAnyCase()
    {
        var options = (ForgetVectorOptions)Parse<RunForgetVector>([.. Required, "--penalty", "squared", "--start", "RANDOM"]).Method().Options;
        Assert.Equal((ForgetVectorPenalty.Squared, ForgetVectorStart.Random), (options.Penalty, options.Start));
    }

    private static T Parse<T>(params string[] arguments)
    {
        using var parser = new Parser(settings => settings.CaseInsensitiveEnumValues = true);
        return Assert.IsType<Parsed<T>>(parser.ParseArguments<T>(arguments)).Value;
    }
}
