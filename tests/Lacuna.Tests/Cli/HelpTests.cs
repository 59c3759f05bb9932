using System.Text.RegularExpressions;
using CommandLine;
using Lacuna.Cli.Verbs;
using Lacuna.Evaluation;

namespace Lacuna.Tests.Cli;

public sealed class HelpTests
{
    private static readonly Dictionary<string, Type> Verbs = new()
    {
        ["demo"] = typeof(DemoVerb), ["train"] = typeof(TrainVerb), ["evaluate"] = typeof(EvaluateVerb), ["experiment"] = typeof(ExperimentVerb), ["sensitivity"] = typeof(SensitivityVerb), ["models"] = typeof(ModelsVerb), ["inspect"] = typeof(InspectVerb), ["convert"] = typeof(ConvertVerb), ["verify"] = typeof(VerifyVerb), ["kernels"] = typeof(KernelsVerb), ["bench"] = typeof(BenchVerb), ["doctor"] = typeof(DoctorVerb),
        ["data list"] = typeof(DataList), ["data pack"] = typeof(DataPack), ["data verify"] = typeof(DataVerify), ["data show"] = typeof(DataShow), ["data get"] = typeof(DataGet),
        ["unlearn forget-vector"] = typeof(RunForgetVector), ["unlearn compose"] = typeof(RunCompose), ["unlearn mu-mis"] = typeof(RunMuMis), ["unlearn instance-wise"] = typeof(RunInstanceWise),
        ["unlearn negative-gradient"] = typeof(RunNegativeGradient), ["unlearn retrain"] = typeof(RunRetrain), ["unlearn fine-tune"] = typeof(RunFineTune),
        ["profile forget-vector"] = typeof(ProfileForgetVector), ["profile compose"] = typeof(ProfileCompose), ["profile mu-mis"] = typeof(ProfileMuMis), ["profile instance-wise"] = typeof(ProfileInstanceWise),
        ["profile negative-gradient"] = typeof(ProfileNegativeGradient), ["profile retrain"] = typeof(ProfileRetrain), ["profile fine-tune"] = typeof(ProfileFineTune),
    };

    public static TheoryData<string> VerbNames => [.. Verbs.Keys];

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void EveryVerbHasHelpOnStdoutWithAllItsOptions(string verb)
    {
        var said = Said.By([.. verb.Split(' '), "--help"]).Expect(0);
        Assert.Equal("", said.Error);
        foreach (var option in Verbs[verb].GetProperties().SelectMany(p => p.GetCustomAttributes(typeof(OptionAttribute), true)).Cast<OptionAttribute>())
        {
            Assert.Contains($"--{option.LongName} ", said.Out);
            Assert.False(string.IsNullOrWhiteSpace(option.HelpText), option.LongName);
        }
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void EveryVerbHasAnExampleThatItsOwnParserTakes(string verb)
    {
        var help = Said.By([.. verb.Split(' '), "--help"]).Out;
        var example = Regex.Match(help, @"^USAGE:\s*\n[^\n]+:\n(  lacuna .*?)\n\s*\n", RegexOptions.Singleline | RegexOptions.Multiline);
        Assert.True(example.Success, help);
        var words = example.Groups[1].Value.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["lacuna", .. verb.Split(' ')], words.Take(1 + verb.Split(' ').Length));

        // Next to a second verb, as in the program: the parser then expects the verb's name.
        var parsed = new Parser().ParseArguments(words.Skip(verb.Split(' ').Length), Verbs[verb], typeof(UnlearnHelp));
        Assert.IsType(Verbs[verb], parsed.Value);
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void HelpCanBeAskedForInAnyOrder(string verb)
    {
        var words = verb.Split(' ');
        var expected = Said.By([.. words, "--help"]);
        Assert.Equal(expected, Said.By(["help", .. words]));
        Assert.Equal(expected, Said.By([.. words, "-h"]));
        if (words is [var group, var inner]) Assert.Equal(expected, Said.By(group, "help", inner));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void HelpListsTheVerbs(string word)
    {
        var said = Said.By(word).Expect(0);
        Assert.Equal("", said.Error);
        foreach (var verb in Verbs.Keys.Select(v => v.Split(' ')[0]).Distinct()) Assert.Matches($@"(?m)^  {verb} ", said.Out);
        Assert.Contains("help metrics", said.Out);
    }

    [Theory]
    [InlineData("unlearn")]
    [InlineData("profile")]
    public void HelpListsTheMethods(string group)
    {
        var said = Said.By(group, "--help").Expect(0);
        Assert.Equal(said, Said.By("help", group));
        foreach (var verb in Verbs.Keys.Where(v => v.StartsWith(group + " ", StringComparison.Ordinal))) Assert.Matches($@"(?m)^  {verb.Split(' ')[1]} ", said.Out);
    }

    [Fact]
    public void HelpOfDataListsItsVerbs()
    {
        var said = Said.By("data", "--help").Expect(0);
        Assert.Equal(said, Said.By("help", "data"));
        foreach (var verb in Verbs.Keys.Where(v => v.StartsWith("data ", StringComparison.Ordinal))) Assert.Matches($@"(?m)^  {verb.Split(' ')[1]} ", said.Out);
    }

    [Fact]
    public void HelpMetricsExplainsEveryFigureAndItsDirection()
    {
        var said = Said.By("help", "metrics").Expect(0);
        Assert.Equal("", said.Error);
        var text = Regex.Replace(said.Out, @"\s+", " ");
        Assert.Equal(["UA", "RA", "TA", "MIA", "Gap", "Time"], MetricDefinitions.All.Select(m => m.Symbol).Take(6));
        foreach (var metric in MetricDefinitions.All)
        {
            Assert.Contains($"{metric.Symbol}, {metric.Name}", text);
            Assert.Contains(metric.Definition, text);
            Assert.Contains("Good: " + metric.Direction, text);
        }
    }

    [Theory]
    [InlineData("modified-entropy")]
    [InlineData("Modified-Entropy")]
    public void HelpMetricsWithANamePrintsThatFigureAlone(string name)
    {
        var text = Regex.Replace(Said.By("help", "metrics", name).Expect(0).Out, @"\s+", " ");
        Assert.StartsWith("modified-entropy, ", text);
        foreach (var part in (string[])["Members: ", "Non-members: ", "Good: ", "Oracle: ", "Known defects: ", "Source: ", "log(1 - p_k)"]) Assert.Contains(part, text);
        Assert.DoesNotContain("UA, unlearning accuracy", text);
    }

    [Fact]
    public void AnUnknownFigureIsNamedWithThoseThereAre()
    {
        var said = Said.By("help", "metrics", "accuracy").Expect(2);
        foreach (var metric in MetricDefinitions.All) Assert.Contains(metric.Symbol, said.Error);
        Assert.Contains("'accuracy'", said.Error);
    }

    [Fact]
    public void VersionIsOneLine() => Assert.Matches(@"^lacuna \d+\.\d+\.\d+\S*\r?\n$", Said.By("--version").Expect(0).Out);
}
