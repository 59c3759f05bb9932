using Lacuna.Data;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using Lacuna.Tests.Methods;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>Networks on <see cref="Tiny.Bands"/> of which class 1 is forgotten, as a study is given them.</summary>
internal sealed class StudyBench : IDisposable
{
    private readonly List<Classifier> _models = [];

    /// <summary>A training set, a test set of other counts, and a split that forgets class 1.</summary>
    public StudyBench()
    {
        Train = Tiny.Bands(12);
        Test = Tiny.Bands(7);
        Split = new("class:1", 1, Train.Name, Train.ContentHash, Train.Count, [.. Enumerable.Range(0, 12).Select(i => 3 * i + 1)], new([1], []));
    }

    public TemporaryFolder Folder { get; } = new();

    public ImageSet Train { get; }

    public ImageSet Test { get; }

    public ForgetSplit Split { get; init; }

    public List<Subject> Subjects { get; } = [];

    public StudyContext Context => new(Train, Test, Split, new DrawSource(5), CPU, Subjects, [], Tiny.Recipe, Folder.Path, TimeProvider.System, new Silence());

    /// <summary>A copy of the network that knows all classes.</summary>
    public Classifier AddTrained(string name, Tensor? vector = null) => Add(name, Tiny.Trained(), vector);

    /// <summary>A network that was trained without class 1.</summary>
    public Classifier AddRetrained()
    {
        var model = ModelZoo.Create("cnn-s", Tiny.Grey(Tiny.Classes), seed: 21);
        Trainer.Train(model, Train, Split.Retain, Tiny.Recipe, new DrawSource(4), CPU, new Tiny.Log(), CancellationToken.None);
        return Add(ResultTable.Oracle, model, null);
    }

    public Classifier Add(string name, Classifier model, Tensor? vector)
    {
        model.eval();
        _models.Add(model);
        Subjects.Add(new(name, model, vector));
        return model;
    }

    public void Dispose()
    {
        foreach (var model in _models) model.Dispose();
        Folder.Dispose();
    }

    private sealed class Silence : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
