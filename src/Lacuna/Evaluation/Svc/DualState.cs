namespace Lacuna.Evaluation;

/// <summary>Dual coefficients and scores -y (gradient) of all points; the start is alpha = 0, gradient -1.</summary>
internal sealed class DualState
{
    private readonly SvcProblem problem;

    public DualState(SvcProblem problem)
    {
        this.problem = problem;
        Alpha = new double[problem.Count];
        Score = new double[problem.Count];
        for (int id = 0; id < Score.Length; id++) { Score[id] = problem.Sign(id); }
    }

    public double[] Alpha { get; }

    /// <summary>Scores; those of active points are current only after they were copied from the <see cref="IActiveSet"/>.</summary>
    public double[] Score { get; }

    public bool AtC(int id) => Alpha[id] >= problem.C;

    public bool AtZero(int id) => Alpha[id] <= 0;

    public bool IsFree(int id) => !AtC(id) && !AtZero(id);

    /// <summary>y alpha may grow.</summary>
    public bool IsUpper(int id) => problem.Sign(id) > 0 ? !AtC(id) : !AtZero(id);

    /// <summary>y alpha may shrink.</summary>
    public bool IsLower(int id) => problem.Sign(id) > 0 ? !AtZero(id) : !AtC(id);
}
