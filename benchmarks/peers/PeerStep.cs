using static TorchSharp.torch;

namespace Lacuna.Peers;

/// <summary>One step, as both sides do it.</summary>
/// <param name="Name">In the table, and for choosing.</param>
/// <param name="PeerMethod">Its name on the Python side.</param>
/// <param name="Limit">How far the results may be apart: the norm of the difference over the norm of the peer's. Rounding alone flips ReLUs at zero, and what follows them.</param>
/// <param name="CanRepeat">Whether so many steps are done one after another that a measurement is long enough.</param>
internal abstract record PeerStep(string Name, string PeerMethod, double Limit, bool CanRepeat)
{
    /// <summary>What the Python side is told.</summary>
    public abstract object Options(Setting setting, int steps);

    /// <summary>The same for a trial that finds the better layout; null where another step's finding is taken.</summary>
    public virtual object? Trial(Setting setting, int steps) => Options(setting, steps);

    /// <summary>Does what is done once a network and not once a step; the work itself is measured and gives its results when asked.</summary>
    public abstract Work Prepare(Setting setting, int steps);

    /// <summary>After how many steps the results are compared, where several are measured together: after two, momentum and penalty have taken part, and more would carry differences of rounding further than they tell of mistakes.</summary>
    public virtual int ComparedSteps => 2;

    /// <summary>Images that went through the step, for a rate.</summary>
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
