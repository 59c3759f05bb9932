namespace Lacuna.Evaluation;

/// <summary>The two-variable subproblem of one step: minimise along y'alpha = constant, then clip to the box.</summary>
internal static class PairStep
{
    public static (double AlphaI, double AlphaJ) Solve(SvcProblem problem, double[] alpha, IActiveSet active, int i, int j)
    {
        double c = problem.C;
        double curvature = 2.0 - (2.0 * problem.Kernel(i, j));
        if (!(curvature > 0)) { curvature = SvcProblem.LeastCurvature; }
        (double gradientI, double gradientJ) = (-problem.Sign(i) * active.Score(i), -problem.Sign(j) * active.Score(j));
        return problem.Sign(i) != problem.Sign(j)
            ? OppositeSigns(alpha[i], alpha[j], (-gradientI - gradientJ) / curvature, c)
            : EqualSigns(alpha[i], alpha[j], (gradientI - gradientJ) / curvature, c);
    }

    /// <summary>Both coefficients move by <paramref name="delta"/>; their difference is kept.</summary>
    private static (double, double) OppositeSigns(double alphaI, double alphaJ, double delta, double c)
    {
        double difference = alphaI - alphaJ;
        (double i, double j) = (alphaI + delta, alphaJ + delta);
        if (difference > 0)
        {
            if (j < 0) { (i, j) = (difference, 0); }
            if (i > c) { (i, j) = (c, c - difference); }
        }
        else
        {
            if (i < 0) { (i, j) = (0, -difference); }
            if (j > c) { (i, j) = (c + difference, c); }
        }

        return (i, j);
    }

    /// <summary>The coefficients move by <paramref name="delta"/> in opposite directions; their sum is kept.</summary>
    private static (double, double) EqualSigns(double alphaI, double alphaJ, double delta, double c)
    {
        double sum = alphaI + alphaJ;
        (double i, double j) = (alphaI - delta, alphaJ + delta);
        if (sum > c)
        {
            if (i > c) { (i, j) = (c, sum - c); }
            if (j > c) { (i, j) = (sum - c, c); }
        }
        else
        {
            if (j < 0) { (i, j) = (sum, 0); }
            if (i < 0) { (i, j) = (0, sum); }
        }

        return (i, j);
    }
}
