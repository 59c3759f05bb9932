namespace Lacuna.Evaluation;

/// <summary>The second half of libsvm's working set selection: the best partner found so far for one point.</summary>
internal ref struct PartnerSearch(ScalarProblem problem, int i, double largest)
{
    /// <summary>Four units of float32 in a kernel value of one, doubled as in the curvature 2 - 2k.</summary>
    private const double CurvatureError = 8 * 5.9604644775390625e-8;

    private double bestGain = -1;
    private int bestPosition = -1;

    public int Best { get; private set; } = -1;

    /// <summary>
    /// False if no point with a feature in [lowest, highest], a score of at least <paramref name="smallest"/> and a
    /// position up to <paramref name="lastPosition"/> can become the best. With t = gamma (distance)^2 the curvature is
    /// 2 - 2 exp(-t) >= 2 t / (1 + t), so that no exponential is needed here.
    /// </summary>
    public readonly bool CanImprove(double smallest, double lowest, double highest, int lastPosition)
    {
        double difference = largest - smallest;
        if (!(difference > 0)) { return false; }
        double x = problem.X[i];
        double distance = Math.Max(0, Math.Max(lowest - x, x - highest));
        double t = (problem.Gamma * distance * distance) - problem.ExponentError;
        double curvature = (2 * t / (1 + t)) - CurvatureError;
        if (t > 0 && curvature > 0) { return difference * difference / curvature * (1 + 1e-9) >= bestGain; }
        double gain = difference * difference / SvcProblem.LeastCurvature;
        return gain > bestGain || (gain == bestGain && lastPosition > bestPosition);
    }

    public void Offer(int j, double score, int position)
    {
        if (!CanImprove(score, problem.X[j], problem.X[j], position)) { return; }
        double difference = largest - score;
        double curvature = 2.0 - (2.0 * problem.Kernel(i, j));
        double gain = difference * difference / (curvature > 0 ? curvature : SvcProblem.LeastCurvature);
        if (gain > bestGain || (gain == bestGain && position > bestPosition))
        {
            (bestGain, bestPosition, Best) = (gain, position, j);
        }
    }
}
