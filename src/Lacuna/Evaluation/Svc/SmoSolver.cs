namespace Lacuna.Evaluation;

/// <summary>
/// Sequential minimal optimisation along the very path of libsvm (Chang and Lin 2011; the version inside scikit-learn):
/// second-order working sets (Fan, Chen and Lin 2005), shrinking, float32 kernel values, the same order of points, ties
/// and roundings. Any solver that met the same tolerance of 1e-3 would be as right, but its decision boundary would
/// differ in the third decimal, and with it the predictions of the points next to the boundary; the attack's published
/// numbers are made by this path.
/// </summary>
internal sealed class SmoSolver
{
    private readonly SvcProblem problem;
    private readonly DualState state;
    private readonly ISetAside setAside;
    private readonly int[] order, position;
    private IActiveSet active;
    private int activeCount;
    private bool unshrunk;

    public SmoSolver(SvcProblem problem)
    {
        this.problem = problem;
        state = new DualState(problem);
        setAside = problem.SetAside();
        order = new int[problem.Count];
        for (int k = 0; k < order.Length; k++) { order[k] = k; }
        position = [.. order];
        activeCount = order.Length;
        active = LoadActive();
    }

    public int Iterations { get; private set; }

    /// <summary>Dual coefficients by point, in [0, C].</summary>
    public double[] Alpha => state.Alpha;

    /// <summary>Offset of the decision function sum_k y_k alpha_k k(x_k, x) - rho.</summary>
    public double Rho { get; private set; }

    public void Solve()
    {
        int shrinkInterval = Math.Min(problem.Count, 1000);
        int counter = shrinkInterval + 1;
        long limit = Math.Max(10_000_000, 100L * problem.Count);
        while (Iterations < limit)
        {
            if (--counter == 0)
            {
                counter = shrinkInterval;
                Shrink();
            }

            if (!SelectPair(out int i, out int j))
            {
                ActivateAll();
                if (!SelectPair(out i, out j))
                {
                    Rho = Offset();
                    return;
                }

                counter = 1;
            }

            Iterations++;
            Step(i, j);
        }

        throw new InvalidOperationException(
            $"The support vector machine on {problem.Count} points did not reach tolerance {problem.Tolerance:R} in {limit} steps: "
            + "raise RbfSvcOptions.Tolerance or lower C.");
    }

    private bool SelectPair(out int i, out int j)
    {
        (i, j) = (-1, -1);
        double largest = active.LargestUpper;
        if (!(largest - active.SmallestLower >= problem.Tolerance) || double.IsInfinity(largest)) { return false; }
        i = active.SelectUpper(largest);
        j = active.SelectLower(i, largest);
        return j >= 0;
    }

    private void Step(int i, int j)
    {
        (double oldI, double oldJ) = (state.Alpha[i], state.Alpha[j]);
        (bool fullI, bool fullJ) = (state.AtC(i), state.AtC(j));
        (state.Alpha[i], state.Alpha[j]) = PairStep.Solve(problem, state.Alpha, active, i, j);
        active.SetMembership(i, state);
        active.SetMembership(j, state);
        (double yi, double yj) = (problem.Sign(i), problem.Sign(j));
        (double weightI, double weightJ) = (-yi * (state.Alpha[i] - oldI), -yj * (state.Alpha[j] - oldJ));
        active.AddRows(i, weightI, j, weightJ);
        setAside.Step(state, i, weightI, j, weightJ);
        if (fullI != state.AtC(i)) { setAside.Record(i, fullI ? yi * problem.C : -yi * problem.C); }
        if (fullJ != state.AtC(j)) { setAside.Record(j, fullJ ? yj * problem.C : -yj * problem.C); }
    }

    /// <summary>Sets points aside that sit at a bound and would stay there by the current extremes (Joachims 1999).</summary>
    private void Shrink()
    {
        ResumeWithin();
        (double largest, double smallest) = (active.LargestUpper, active.SmallestLower);
        active.CopyScores(state.Score);
        if (!unshrunk && largest - smallest <= problem.Tolerance * 10)
        {
            unshrunk = true;
            if (activeCount < order.Length)
            {
                // libsvm judges the points it rebuilds here by the extremes before.
                setAside.Suspend(state, order, activeCount);
                setAside.Resume(state, Undecided(largest, smallest));
                activeCount = order.Length;
            }
        }

        foreach (int id in setAside.Waiting) { state.Score[id] = setAside.Estimate(id); }
        for (int k = 0; k < activeCount; k++)
        {
            if (!CanSetAside(order[k])) { continue; }
            for (activeCount--; activeCount > k; activeCount--)
            {
                if (CanSetAside(order[activeCount])) { continue; }
                (order[k], order[activeCount]) = (order[activeCount], order[k]);
                break;
            }
        }

        setAside.Dismiss();
        active = LoadActive();

        bool CanSetAside(int id)
        {
            double score = state.Score[id];
            return !state.IsFree(id) && (state.IsUpper(id) ? score < smallest : score > largest);
        }
    }

    /// <summary>Makes all points active; those that cannot matter yet stay suspended.</summary>
    private void ActivateAll()
    {
        setAside.Suspend(state, order, activeCount);
        activeCount = order.Length;
        ResumeWithin();
    }

    /// <summary>Resumes suspended points until none can lie between the extremes or move one of them.</summary>
    private void ResumeWithin()
    {
        while (true)
        {
            int[] ids = Undecided(active.LargestUpper, active.SmallestLower);
            if (ids.Length == 0) { return; }
            active.CopyScores(state.Score);
            setAside.Resume(state, ids);
            active = LoadActive();
        }
    }

    /// <summary>Suspended points that might be the next pair, move an extreme, or not be set aside again.</summary>
    private int[] Undecided(double largest, double smallest)
    {
        double above = Math.Min(largest, smallest) - setAside.Error;
        double below = Math.Max(largest, smallest) + setAside.Error;
        return Array.FindAll(
            setAside.Waiting.ToArray(), id => state.IsUpper(id) ? setAside.Estimate(id) >= above : setAside.Estimate(id) <= below);
    }

    private IActiveSet LoadActive()
    {
        for (int k = 0; k < order.Length; k++) { position[order[k]] = k; }
        return problem.Activate(position, activeCount, setAside.Waiting, state);
    }

    /// <summary>The mean of -score over the free support vectors; without any, the midpoint of the bounds on rho.</summary>
    private double Offset()
    {
        active.CopyScores(state.Score);
        if (Array.TrueForAll(order, id => !state.IsFree(id))) { setAside.Resume(state, setAside.Waiting.ToArray()); }
        (double below, double above) = (double.NegativeInfinity, double.PositiveInfinity);
        (double sum, int free) = (0, 0);
        foreach (int id in order)
        {
            double value = -state.Score[id];
            if (state.IsFree(id)) { (sum, free) = (sum + value, free + 1); }
            else if (state.IsUpper(id)) { above = Math.Min(above, value); }
            else { below = Math.Max(below, value); }
        }

        return free > 0 ? sum / free : (above + below) / 2;
    }
}
