using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Training;
using Lacuna.Runs.Experiments;

namespace Lacuna.Tests.Runs.Experiments;

/// <summary>What is read out of a file, and what is said where it makes no sense: file, line, key, and what to write instead.</summary>
public sealed class ExperimentFileTests
{
    private const string Good = """
        name: mine
        about: Two lines.
        source: nowhere
        data:
          location: pictures
          labels: coarse
          hold_out: 20%
          resize: 64
        seeds: [3, 5]
        model:
          architecture: resnet20
          recipe:
            epochs: 2
            augmentation: { flip: true }
        methods:
          - retrain
          - fine-tune: { learning_rate: 0.02 }
          - mu-mis:
              max_steps: 7
          - instance-wise:
              goal: relabel
              attack: { epsilon: 1.5 }
              new_label: ~
        tasks:
          - name: one
            forget: class:3
          - name: two
            forget: random:10%
            model: { preset: cifar-resnet20, form: ~ }
            methods: [negative-gradient]
        expected:
          one:
            mu-mis: { TA: [70, 80.5], TA-forgotten: [0, 1] }
        """;

    [Fact]
    public void EverythingThatIsWrittenIsRead()
    {
        var plan = ExperimentFile.Parse(Good, "good.yaml");
        Assert.Equal(("mine", "Two lines.", "nowhere", Good), (plan.Name, plan.About, plan.Source, plan.Text));
        Assert.Equal(("pictures", CifarLabels.Coarse, 0.2, 64), (plan.Data.Location, plan.Data.Labels, plan.Data.Folder.HeldOut!.Value.Share, plan.Data.Folder.Sizing.Resize));
        Assert.Equal([3, 5], plan.Seeds);
        var (one, two) = (plan.Tasks[0], plan.Tasks[1]);
        var recipe = new TrainingOptions { Epochs = 2, Augmentation = new(0, true) };
        Assert.Equal(("one", "class:3", "resnet20", recipe), (one.Name, one.Forget.ToString(), one.Model.Architecture, one.Model.Recipe));
        // The oracle is trained by the recipe of the original; what is left out stays as in the defaults, inside nested options too.
        Assert.Equal<object>(
            [recipe, FineTuneMethod.Defaults with { LearningRate = 0.02 }, new MuMisOptions { MaxSteps = 7 }, new InstanceWiseOptions { Goal = InstanceGoal.Relabel, Attack = new(1.5, 0.1, 100) }],
            one.Methods.Select(method => method.Options));
        Assert.Equal(("two", "resnet20", TrainingPresets.CifarResNet20.Recipe), (two.Name, two.Model.Architecture, two.Model.Recipe));
        Assert.Equal(["negative-gradient"], two.Methods.Select(method => method.Name));
        Assert.Equal([new("one", "mu-mis", "TA", 70, 80.5), new("one", "mu-mis", "TA-forgotten", 0, 1)], plan.Expected);
    }

    /// <summary>A run's config has the options under the names under which they are written here.</summary>
    [Fact]
    public void EveryOptionOfEveryMethodCanBeSetAsItIsRecorded()
    {
        foreach (var entry in MethodCatalogue.All)
        {
            var defaults = entry.DefaultsFor(new());
            var json = System.Text.Json.JsonSerializer.Serialize(defaults, defaults.GetType(), Lacuna.Runs.RunJson.Compact);
            // JSON is YAML.
            var plan = ExperimentFile.Parse($"name: a\nmodel: {{ architecture: cnn-s }}\ntasks:\n- name: t\n  forget: class:1\n  methods:\n  - {entry.Name}: {json}\n", "all.yaml");
            Assert.Equal(defaults, plan.Tasks[0].Methods[0].Options);
        }
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "name: mine", "nmae: mine", "bad.yaml, line 1: 'nmae' is no key of an experiment. Did you mean 'name'? Known: name, about, source, data, model, seeds, methods, metrics, studies, tasks, expected." },
        { "name: mine", "name: My Experiment", "bad.yaml, line 1: the name 'My Experiment' would be a folder's; use lower-case letters, digits and hyphens." },
        { "labels: coarse", "labels: corse", "bad.yaml, line 6: 'corse' is no value of 'labels'. Did you mean 'coarse'? Known: fine, coarse." },
        { "hold_out: 20%", "hold_out: 20", "bad.yaml, line 7: The share to hold out is '20'; write a share of each class, for example 20%." },
        { "resize: 64", "resize: big", "bad.yaml, line 8: 'resize' is 'big'; it must be a whole number." },
        { "[3, 5]", "[3, 3]", "bad.yaml, line 9: a seed stands twice; the second run would only repeat the first." },
        { "[3, 5]", "[-1]", "bad.yaml, line 9: the seed '-1' is no whole number from 0 on." },
        { "[3, 5]", "3", "bad.yaml, line 9: 'seeds' must be a list: [one, two], or a line '- one' for each." },
        { "architecture: resnet20", "architecture: resnet21", "bad.yaml, line 11: There is no architecture 'resnet21'. Choose one of: " + Lacuna.Models.ModelZoo.Names + "." },
        { "epochs: 2", "epochs: 0", "bad.yaml, line 13: Epochs is 0; it must be a whole number of at least 1." },
        { "flip: true", "flip: yes", "bad.yaml, line 14: 'flip' of 'augmentation' of recipe is 'yes'; it must be true or false." },
        { "- retrain", "- retrian", "bad.yaml, line 16: 'retrian' is no method. Did you mean 'retrain'? Known: retrain, fine-tune, negative-gradient, forget-vector, mu-mis, instance-wise." },
        { "learning_rate: 0.02", "learning_rat: 0.02", "bad.yaml, line 17: 'learning_rat' is no option of fine-tune. Did you mean 'learning_rate'? Known: epochs, batch_size, learning_rate, momentum, weight_decay, nesterov, label_smoothing, warmup_share, augmentation, early_share, early_size, precision." },
        { "learning_rate: 0.02", "learning_rate: -1", "bad.yaml, line 17: LearningRate is -1; it must be a positive number." },
        { "max_steps: 7", "max_steps: 7.5", "bad.yaml, line 19: 'max_steps' of mu-mis is '7.5'; it must be a whole number." },
        { "goal: relabel", "goal: relable", "bad.yaml, line 21: 'relable' is no value of 'goal' of instance-wise. Did you mean 'relabel'? Known: misclassify, relabel." },
        { "attack: { epsilon: 1.5 }", "attack: 1.5", "bad.yaml, line 22: 'attack' of instance-wise is '1.5'; it must be written as { epsilon: ..., step_size: ..., steps: ... }." },
        { "attack: { epsilon: 1.5 }", "adversarial_images: 0\n      lambda: 0", "bad.yaml, line 20: With these options instance-wise is negative-gradient. Ask for it by that name, or change them." },
        { "- mu-mis:", "- retrain:", "bad.yaml, line 19: 'max_steps' is no option of retrain. Known: epochs, batch_size, learning_rate, momentum, weight_decay, nesterov, label_smoothing, warmup_share, augmentation, early_share, early_size, precision." },
        { "forget: class:3", "forget: klass:3", "bad.yaml, line 26: 'klass:3' names no forget set. Use " + ForgetSetSpec.Forms + "." },
        { "forget: class:3", "title: x", "bad.yaml, line 25: a task needs 'forget'." },
        { "name: two", "name: one", "bad.yaml, line 27: two tasks are called 'one'. Give each a 'name' of its own." },
        { "[negative-gradient]", "[negative-gradient, negative-gradient]", "bad.yaml, line 30: negative-gradient stands twice in one list, and files and colours go by the name. Make a task of its own for the second." },
        { "TA: [70, 80.5]", "TA: [80, 70]", "bad.yaml, line 33: 'TA' must be a range of two numbers: [low, high]." },
        { "TA: [70, 80.5]", "FA: [70, 80]", "bad.yaml, line 33: 'FA' is no key of the expectation of mu-mis. Did you mean 'UA'? Known: " + string.Join(", ", SummaryMetrics.Symbols) + "." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void AMistakeIsNamedWithItsLineAndWhatIsMeant(string right, string wrong, string message)
    {
        Assert.Contains(right, Good);
        Assert.Equal(message, Assert.Throws<ExperimentFileException>(() => ExperimentFile.Parse(Good.Replace(right, wrong), "bad.yaml")).Message);
    }

    [Theory]
    [InlineData("", "holds no experiment")]
    [InlineData("name: [", "this is no YAML")]
    [InlineData("name: a\nname: b", "this is no YAML: Duplicate key")]
    [InlineData("just words", "line 1: an experiment is written as 'key: value' lines")]
    [InlineData("name: a", "line 1: an experiment needs 'tasks'")]
    [InlineData("name: a\ntasks:\n- name: t\n  forget: class:1\n", "line 3: neither the task nor the experiment has a 'model'")]
    [InlineData("name: a\nmodel: {}\ntasks:\n- { name: t, forget: class:1 }", "line 2: a model needs a 'preset', an 'architecture' or a 'checkpoint'")]
    [InlineData("name: a\nmodel: { checkpoint: x.pt }\ntasks:\n- { name: t, forget: class:1, methods: [retrain] }", "line 4: retrain needs the recipe by which the checkpoint was trained")]
    [InlineData("name: a\nmodel: { preset: cifar-resnet }\ntasks:\n- { name: t, forget: class:1 }", "line 2: There is no preset 'cifar-resnet'")]
    [InlineData("name: a\nmodel: { architecture: cnn-s }\ntasks:\n- { name: t, forget: class:1 }", "line 4: the task 't' has nothing to do")]
    [InlineData("name: a\nmodel: { architecture: cnn-s, mean: [0.5] }\ntasks:\n- { name: t, forget: class:1 }", "line 2: 'mean' and 'std' belong together")]
    [InlineData("name: a\nmodel: { architecture: cnn-s }\ntasks:\n- { name: t, forget: class:1, studies: [grad-camera] }", "'grad-camera' is no study.")]
    [InlineData("name: a\nmetrics: [zrf, mia]\nmodel: { architecture: cnn-s }\nmethods: [retrain]\ntasks:\n- { name: t, forget: class:1 }", "line 2: there is no group of metrics 'mia'. Choose among membership, divergence, zrf;")]
    public void AnIncompleteFileIsToldWhatItLacks(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ExperimentFileException>(() => ExperimentFile.Parse(text, "bad.yaml")).Message);

    public static TheoryData<string> Presets => [.. ExperimentPresets.Names];

    [Theory]
    [InlineData("", MetricGroups.All)]
    [InlineData("metrics: []\n", MetricGroups.None)]
    [InlineData("metrics: [zrf, membership]\n", MetricGroups.Zrf | MetricGroups.Membership)]
    public void MetricsAreChosen(string line, MetricGroups groups) =>
        Assert.Equal(groups, ExperimentFile.Parse("name: a\n" + line + "model: { architecture: cnn-s }\nmethods: [retrain]\ntasks:\n- { name: t, forget: class:1 }", "a.yaml").Metrics);

    [Theory]
    [MemberData(nameof(Presets))]
    public void EveryPresetParsesAndSaysWhereItComesFromAndWhatToExpect(string name)
    {
        var plan = ExperimentPresets.Read(name);
        Assert.Equal(name, plan.Name);
        Assert.NotEmpty(plan.About);
        Assert.True(plan.Expected.Count > 0 || plan.ExpectedNote is not null, "neither a range nor a reason for none");
        Assert.True(name == "bundled" || plan.Source is not null, "a paper's experiment names its source");
        Assert.All(plan.Tasks, task => Assert.NotEmpty(task.Methods));
    }
}
