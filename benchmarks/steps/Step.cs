using static TorchSharp.torch;

namespace Lacuna.Benchmarks.Steps;

/// <summary>One step of a method, as every side that is measured does it.</summary>
/// <param name="Name">In tables, and for choosing.</param>
/// <param name="PeerMethod">Its name on the Python side.</param>
/// <param name="Limit">How far results may be from the yardstick: the norm of the difference over the norm of the yardstick's. Rounding alone flips ReLUs at zero, and what follows them.</param>
/// <param name="CanRepeat">Whether so many steps are done one after another that a measurement is long enough.</param>
internal abstract record Step(string Name, string PeerMethod, double Limit, bool CanRepeat)
{
    /// <summary>What the Python side is told.</summary>
    public abstract object Options(Setting setting, int steps);

    /// <summary>The same for a trial that finds the better layout; null where another step's finding is taken.</summary>
    public virtual object? Trial(Setting setting, int steps) => Options(setting, steps);

    /// <summary>Whether it moves the network's weights, so that it must be given a copy.</summary>
    public virtual bool MovesWeights => false;

    /// <summary>Whether float64 can say which result is right. Not where rounding is carried so far that the yardstick itself would be an accident.</summary>
    public virtual bool HasExactResult => true;

    /// <summary>Does what is done once a network and not once a step; the work itself is measured and gives its results when asked.</summary>
    /// <param name="setting">Images and all that is drawn.</param>
    /// <param name="network">The setting's own, or a copy of it where the weights are moved.</param>
    /// <param name="steps">How many one after another.</param>
    public abstract Work Prepare(Setting setting, Models.Classifier network, int steps);

    /// <summary>After how many steps the results are compared, where several are measured together: after two, momentum and penalty have taken part, and more would carry differences of rounding further than they tell of mistakes.</summary>
    public virtual int ComparedSteps => 2;

    /// <summary>Images that go through the step, for a rate.</summary>
    public virtual int Images(Setting setting) => setting.Options.Batch;

    /// <summary>Measured work.</summary>
    /// <param name="Do">What is measured.</param>
    /// <param name="Results">By the names that the Python side has too; the caller owns them.</param>
    /// <param name="Owned">To be disposed of at the end.</param>
    internal sealed record Work(Action Do, Func<IReadOnlyDictionary<string, Tensor>> Results, IReadOnlyList<IDisposable?> Owned) : IDisposable
    {
        public void Dispose()
        {
            foreach (var owned in Owned) owned?.Dispose();
        }
    }
}
