namespace Lacuna.Evaluation;

/// <summary>
/// Membership inference on one scalar feature: an RBF support vector machine learns to tell members (images trained on) from
/// non-members, and is asked about the forget images.
/// </summary>
public static class MembershipInference
{
    /// <summary>
    /// MIA-efficacy in [0,1]: the share of <paramref name="forget"/> that the attack takes for non-members. Both classes are
    /// cut to the size of the smaller one, so that the attack cannot win by guessing the larger.
    /// </summary>
    /// <param name="members">Feature of retain images.</param>
    /// <param name="nonMembers">Feature of test images.</param>
    /// <param name="forget">Feature of forget images.</param>
    /// <param name="choose">Draws (count, of): that many distinct indices below of.</param>
    public static double Efficacy(double[] members, double[] nonMembers, double[] forget, Func<int, int, int[]> choose)
    {
        if (members.Length == 0 || nonMembers.Length == 0 || forget.Length == 0)
            throw new ArgumentException($"The membership attack needs members, non-members and forget images, but there are {members.Length}, {nonMembers.Length} and {forget.Length}.");
        var size = Math.Min(members.Length, nonMembers.Length);
        var attack = RbfSvc.Fit(Chosen(members, size, choose), Chosen(nonMembers, size, choose), new RbfSvcOptions());
        return forget.Count(feature => !attack.Predict(feature)) / (double)forget.Length;
    }

    private static double[] Chosen(double[] values, int count, Func<int, int, int[]> choose) =>
        [.. choose(count, values.Length).Select(index => values[index])];
}
