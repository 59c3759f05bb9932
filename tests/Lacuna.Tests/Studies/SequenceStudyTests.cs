using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Studies;
using Lacuna.Studies.Sequence;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>
/// Methods whose effect is known: images are one bright pixel at the place of their class, logits are the pixels times a factor a class, and to forget a class is to
/// make its factor negative. Class c has c + 2 training and c + 1 test images, so that no two figures are alike by chance.
/// </summary>
public sealed class SequenceStudyTests : IDisposable
{
    private const int Classes = 6;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _train = Bright(c => c + 2), _test = Bright(c => c + 1);

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void FiguresAreThoseOfMethodsWithKnownEffects()
    {
        // Requests are the classes 3, 4, 5, 0, 1; class 2 remains.
        int[] order = [3, 4, 5, 0, 1];
        var steady = new Known("retrain");
        Known[] methods = [new("rebound") { Rebounds = true }, new("clumsy") { AlsoHarms = 2 }, steady, new("vector") { ByVector = true }, new("brittle") { DivergesAt = 2 }];
        var figure = Assert.Single(Run("class:3", new(), methods));
        Assert.Equal("sequence", figure.Id);
        double[] Line(int panel, string method) => [.. ((LinePanel)figure.Panels[panel]).Lines.Single(l => l.Name == method).Y];
        Assert.Equal(["retrain", "rebound", "clumsy", "vector", "brittle"], ((LinePanel)figure.Panels[0]).Lines.Select(l => l.Name));

        // What each saw: the new request, and what nobody asked to forget so far.
        Assert.Equal(order.Select(c => Rows(c)), steady.Seen.Select(s => s.Forget.ToArray()));
        for (var t = 0; t < 5; t++) Assert.Equal([.. Enumerable.Range(0, Classes).Except(order[..(t + 1)]).SelectMany(Rows).Order()], steady.Seen[t].Retain.ToArray());

        foreach (var method in (string[])["retrain", "rebound", "clumsy", "vector"]) Assert.Equal([0, 0, 0, 0, 0], Line(0, method));
        Assert.Equal([0, 0, 0, 0], Line(1, "retrain"));
        Assert.Equal([0, 0, 0, 0], Line(1, "vector"));
        Assert.Equal([100, 100, 100, 100], Line(1, "rebound"));
        Assert.Equal(Enumerable.Repeat(100.0, 6), Line(2, "rebound"));

        // Clumsy: class 2 is harmed too, 4 of the training and 3 of the test images that remain.
        double Share(Func<int, int> size, int t) => t == 0 ? 100 : 100 - 100.0 * size(2) / Enumerable.Range(0, Classes).Except(order[..t]).Sum(size);
        double[] retain = [.. Enumerable.Range(0, 6).Select(t => Share(c => c + 2, t))], test = [.. Enumerable.Range(0, 6).Select(t => Share(c => c + 1, t))];
        Near(retain, Line(2, "clumsy"));
        Near(test, Line(3, "clumsy"));
        Near([.. Enumerable.Range(1, 5).Select(t => (200 - retain[t] - test[t]) / 2)], Line(4, "clumsy"));
        Near([0, 0, 0, 0, 0], Line(5, "clumsy"));
        Near([.. Enumerable.Range(1, 5).Select(t => 100.0 * (t - 1) / t)], Line(5, "rebound"));

        var grid = figure.Panels.OfType<GridPanel>().Single(p => p.Title.StartsWith("retrain", StringComparison.Ordinal));
        Assert.Equal(order.Select(c => $"class:{c}"), grid.Rows);
        for (var i = 0; i < 5; i++) Assert.Equal(Enumerable.Range(0, 6).Select(t => t > i ? 0.0 : 100), grid.Values[i]);

        // From its second step on nothing is known of the one that diverged.
        Assert.Equal([100, 100 - 0, double.NaN, double.NaN, double.NaN, double.NaN], Line(2, "brittle"));
        Assert.Contains("brittle did not come to the end: it diverged at step 2", figure.Caption);
        Assert.Equal(5 * 6 * 5 + 1, File.ReadLines(Path.Combine(_folder.Path, "sequence-requests.csv")).Count());
        Assert.Equal(5 * 6 + 1, File.ReadLines(Path.Combine(_folder.Path, "sequence-steps.csv")).Count());
        Assert.Equal("class:1", ForgetSplit.Load(Path.Combine(_folder.Path, "sequence-split")).Spec);
    }

    [Fact]
    public void SingleImagesAreFollowedByGroupsOfAsMany()
    {
        var steady = new Known("retrain");
        Run("random:4", new() { Count = 3 }, [steady]);
        Assert.Equal([4, 4, 4], steady.Seen.Select(s => s.Forget.Length));
        Assert.Equal(12, steady.Seen.SelectMany(s => s.Forget.ToArray()).Distinct().Count());
        Assert.Equal(_train.Count - 12, steady.Seen[^1].Retain.Length);
    }

    [Fact]
    public void NamedRequestsAreTakenInTheirOrderAndWhatDoesNotFitIsSaid()
    {
        var steady = new Known("retrain");
        Run("class:3", new() { Requests = ["class:5", "random:2@class:1"] }, [steady]);
        Assert.Equal(["class:5", "random:2@class:1"], steady.Seen.Select(s => s.Spec));
        Assert.Contains("no class", new SequenceStudy(new() { Requests = ["class:5", "class:9"] }).Lacks(Context("class:3", [steady])), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("asks for nothing", new SequenceStudy(new() { Requests = ["class:5", "class:5"] }).Lacks(Context("class:3", [steady])));
        Assert.Contains("no method", new SequenceStudy(new()).Lacks(Context("class:3", [])));
        Assert.Throws<ForgetSetException>(() => new SequenceStudy(new() { Requests = ["class:5", "nonsense"] }));
        Assert.Throws<ArgumentException>(() => new SequenceStudy(new() { Count = 1 }));
    }

    private IReadOnlyList<Figure> Run(string forget, SequenceOptions options, IReadOnlyList<IUnlearningMethod> methods)
    {
        var study = new SequenceStudy(options);
        var context = Context(forget, methods);
        Assert.Null(study.Lacks(context));
        return study.Run(context, TestContext.Current.CancellationToken);
    }

    private StudyContext Context(string forget, IReadOnlyList<IUnlearningMethod> methods)
    {
        var draws = new DrawSource(2);
        return new(_train, _test, ForgetSetSpec.Parse(forget).Split(_train, draws), draws, CPU, [new(Subject.Original, Network(Enumerable.Repeat(1.0, Classes)), null)], methods,
            Tiny.Recipe, _folder.Path, TimeProvider.System, new SilentRun());
    }

    private int[] Rows(int label) => [.. Enumerable.Range(0, _train.Count).Where(i => _train.Labels.Span[i] == label)];

    private static ImageSet Bright(Func<int, int> size)
    {
        int[] labels = [.. Enumerable.Range(0, Classes).SelectMany(c => Enumerable.Repeat(c, size(c)))];
        var pixels = new byte[labels.Length * Classes];
        for (var i = 0; i < labels.Length; i++) pixels[i * Classes + labels[i]] = 255;
        return new("bright", pixels, labels, 1, 1, Classes, [.. Enumerable.Range(0, Classes).Select(c => $"class {c}")]);
    }

    private static Classifier Network(IEnumerable<double> factors)
    {
        var weights = new double[Classes, Classes];
        foreach (var (factor, c) in factors.Select((f, c) => (f, c))) weights[c, c] = factor;
        var model = new LinearClassifier(weights, 1, 1, Classes);
        model.to(float32);
        return model;
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-9);
    }

    /// <summary>Forgets the class of the first forget row.</summary>
    private sealed class Known(string name) : IUnlearningMethod
    {
        public string Name => name;

        public object Options => new();

        public bool Rebounds { get; init; }

        public bool ByVector { get; init; }

        public int? AlsoHarms { get; init; }

        public int DivergesAt { get; init; }

        public List<ForgetSplit> Seen { get; } = [];

        public void CheckFits(Classifier original)
        {
        }

        public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
        {
            Seen.Add(task.Split);
            if (Seen.Count == DivergesAt) throw new DivergedException($"it diverged at step {DivergesAt}.");
            var label = task.Train.Labels.Span[task.Split.Forget[0]];
            var weights = Tiny.Numbers(original.named_parameters().Single().parameter);
            double[] factors = [.. Enumerable.Range(0, Classes).Select(c => Rebounds ? 1 : weights[c * Classes + c])];
            Tensor? vector = null;
            if (ByVector)
            {
                // Minus two at the bright pixel: the class's own logit becomes negative, and no other image minds.
                var values = new float[Classes];
                values[label] = -2;
                vector = tensor(values, [1, 1, Classes]);
                if (task.EarlierVector is not null) vector = vector + task.EarlierVector;
            }
            else
            {
                factors[label] = -1;
                if (AlsoHarms is { } other) factors[other] = -1;
            }
            return new() { Model = Network(factors), ForgetVector = vector?.DetachFromDisposeScope(), Steps = 1, StopReason = "done", Converged = true };
        }
    }
}
