namespace Lacuna.Evaluation;

/// <summary>
/// The points the solver works on, with their scores s = -y (gradient of the dual). A point is in the upper set if y alpha may grow
/// and in the lower set if it may shrink; the most violating pair is the largest score of the upper set and the smallest of the lower.
/// Ties go to the point at the last position, as in libsvm.
/// </summary>
internal interface IActiveSet
{
    double LargestUpper { get; }

    double SmallestLower { get; }

    double Score(int id);

    void CopyScores(double[] byId);

    void SetMembership(int id, DualState state);

    /// <summary>The point of the upper set with this score.</summary>
    int SelectUpper(double largest);

    /// <summary>The partner of <paramref name="i"/> of largest gain (s_i - s_j)^2 / (2 - 2 k(x_i, x_j)) in the lower set (Fan, Chen and Lin 2005); -1 for none.</summary>
    int SelectLower(int i, double largest);

    /// <summary>Adds firstWeight k(x_i, .) + secondWeight k(x_j, .) to all scores, with libsvm's roundings.</summary>
    void AddRows(int i, double firstWeight, int j, double secondWeight);
}
