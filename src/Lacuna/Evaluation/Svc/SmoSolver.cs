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
    private readonly SetAside setAside;
    private readonly int[] order, position;
    private readonly int[] activeSorted;
    private ActiveSet active;
    private int activeCount;
    private bool unshrunk;

    public SmoSolver(SvcProblem problem)
    {
        this.problem = problem;
        state = new DualState(problem);
        setAside = new SetAside(problem);
        order = new int[problem.Count];
        for (int k = 0; k < order.Length; k++) { order[k] = k; }
        position = [.. order];
        activeSorted = new int[order.Length];
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
                Unshrink();
                active = LoadActive();
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
        active.AddRows(i, -yi * (state.Alpha[i] - oldI), j, -yj * (state.Alpha[j] - oldJ));
        if (fullI != state.AtC(i)) { setAside.Record(i, fullI ? yi * problem.C : -yi * problem.C); }
        if (fullJ != state.AtC(j)) { setAside.Record(j, fullJ ? yj * problem.C : -yj * problem.C); }
    }

    /// <summary>Sets points aside that sit at a bound and would stay there by the current extremes (Joachims 1999).</summary>
    private void Shrink()
    {
        (double largest, double smallest) = (active.LargestUpper, active.SmallestLower);
        active.CopyScores(state.Score);
        if (!unshrunk && largest - smallest <= problem.Tolerance * 10)
        {
            unshrunk = true;
            Unshrink();
        }

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

        active = LoadActive();

        bool CanSetAside(int id)
        {
            double score = state.Score[id];
            return !state.IsFree(id) && (state.IsUpper(id) ? score < smallest : score > largest);
        }
    }

    /// <summary>Makes all points active, with the gradients of those set aside rebuilt.</summary>
    private void Unshrink()
    {
        active.CopyScores(state.Score);
        setAside.Rebuild(state, order, activeCount);
        activeCount = order.Length;
    }

    private ActiveSet LoadActive()
    {
        for (int k = 0; k < order.Length; k++) { position[order[k]] = k; }
        int count = 0;
        foreach (int id in problem.SortedIds)
        {
            if (position[id] < activeCount) { activeSorted[count++] = id; }
        }

        return new ActiveSet(problem, activeSorted.AsSpan(0, count), position, state);
    }

    /// <summary>The mean of -score over the free support vectors; without any, the midpoint of the bounds on rho.</summary>
    private double Offset()
    {
        active.CopyScores(state.Score);
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
