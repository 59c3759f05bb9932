namespace Lacuna.Evaluation;

/// <summary>
/// The membership inference attack by which forgetting is scored ("MIA-Efficacy" of the unlearning literature). An
/// <see cref="RbfSvc"/> learns to tell members (training samples the model keeps) from non-members (samples it never
/// saw) by one scalar of the model's output, and is then asked about the forget set.
/// </summary>
/// <remarks>
/// The published numbers take as scalar the softmax probability of the true label, as members a random subset of the
/// retain set and as non-members the test set (without the forgotten class when a whole class is forgotten), the larger
/// of the two cut to the size of the smaller. Direction: higher means better forgotten. A model that never saw the
/// forget set does not reach 1 but the score of its own unseen samples, so compare with the retrained model.
/// </remarks>
public static class MembershipInference
{
    /// <summary>Runs the attack.</summary>
    /// <param name="members">Scalar of each retain sample.</param>
    /// <param name="nonMembers">Scalar of each sample that was never trained on.</param>
    /// <param name="targets">Scalar of each forget sample.</param>
    /// <param name="choose">
    /// (count, n) to n distinct indices below count, the draw that cuts the larger class to the size of the smaller; not
    /// called for classes of equal size.
    /// </param>
    /// <param name="options">Settings of the attack; null for the published ones.</param>
    /// <exception cref="ArgumentException">A set is empty, a scalar is not finite, or a draw is not n distinct indices.</exception>
    public static MembershipInferenceResult Attack(
        ReadOnlySpan<double> members, ReadOnlySpan<double> nonMembers, ReadOnlySpan<double> targets,
        Func<int, int, int[]> choose, RbfSvcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(choose);
        RequireSome(members, nameof(members), "the retain set");
        RequireSome(nonMembers, nameof(nonMembers), "the test set");
        RequireSome(targets, nameof(targets), "the forget set");
        int size = Math.Min(members.Length, nonMembers.Length);
        RbfSvc svc = RbfSvc.Fit(Cut(members, size, choose), Cut(nonMembers, size, choose), options);
        bool[] predictedMember = svc.Predict(targets);
        int nonMember = predictedMember.Count(member => !member);
        return new MembershipInferenceResult((double)nonMember / targets.Length, predictedMember, size, svc);
    }

    private static double[] Cut(ReadOnlySpan<double> features, int size, Func<int, int, int[]> choose)
    {
        if (features.Length == size) { return features.ToArray(); }
        int[] indices = choose(features.Length, size);
        if (indices.Length != size || indices.Distinct().Count() != size || indices.Any(index => index < 0))
        {
            throw new ArgumentException(
                $"The draw of {size} from {features.Length} samples gave {indices.Length} indices that are not {size} distinct ones.",
                nameof(choose));
        }

        double[] chosen = new double[size];
        for (int k = 0; k < size; k++)
        {
            if (indices[k] >= features.Length)
            {
                throw new ArgumentException($"The draw from {features.Length} samples gave index {indices[k]}.", nameof(choose));
            }

            chosen[k] = features[indices[k]];
        }

        return chosen;
    }

    private static void RequireSome(ReadOnlySpan<double> features, string argument, string set)
    {
        if (features.IsEmpty)
        {
            throw new ArgumentException($"The membership attack needs at least one sample of {set}.", argument);
        }
    }
}
