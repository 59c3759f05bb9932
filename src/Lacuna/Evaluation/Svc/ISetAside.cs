namespace Lacuna.Evaluation;

/// <summary>The scores of points outside the active set, which libsvm rebuilds when it looks at all points again.</summary>
internal interface ISetAside
{
    /// <summary>Suspended points: rebuilt, but not active.</summary>
    ReadOnlySpan<int> Waiting { get; }

    /// <summary>Bound of the error of <see cref="Estimate"/>.</summary>
    double Error { get; }

    /// <summary>Score of a suspended point.</summary>
    double Estimate(int id);

    /// <summary>A coefficient reached C (weight -y C) or left it (weight y C).</summary>
    void Record(int id, double weight);

    /// <summary>Suspends the points from position <paramref name="activeCount"/> on, as of the current coefficients.</summary>
    void Suspend(DualState state, int[] order, int activeCount);

    /// <summary>Takes one step of the solver over the suspended points.</summary>
    void Step(DualState state, int i, double weightI, int j, double weightJ);

    /// <summary>Puts the scores of some suspended points into the state; they no longer wait.</summary>
    void Resume(DualState state, int[] ids);

    /// <summary>Ends the suspension: the points still waiting are outside the active set again.</summary>
    void Dismiss();
}
