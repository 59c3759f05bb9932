using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation;

public sealed class MembershipInferenceTests
{
    private static readonly double[] confident = [.. Enumerable.Range(0, 60).Select(k => 0.95 + (k * 0.0005))];
    private static readonly double[] unsure = [.. Enumerable.Range(0, 40).Select(k => 0.2 + (k * 0.005))];

    /// <summary>A forget set that looks unseen scores high, one that looks trained on scores low.</summary>
    [Fact]
    public void Efficacy_is_the_share_taken_for_non_members()
    {
        MembershipInferenceResult result = MembershipInference.Attack(confident, unsure, [0.25, 0.97, 0.3, 0.35], First);
        Assert.Equal(0.75, result.Efficacy);
        Assert.Equal([false, true, false, false], result.PredictedMember);
    }

    [Fact]
    public void The_larger_class_is_cut_by_the_draw_and_the_smaller_is_kept()
    {
        List<(int Count, int Size)> draws = [];
        int[] Choose(int count, int size)
        {
            draws.Add((count, size));
            return [.. Enumerable.Range(0, size).Select(k => count - 1 - k)];
        }

        MembershipInferenceResult members = MembershipInference.Attack(confident, unsure, [0.5], Choose);
        MembershipInferenceResult nonMembers = MembershipInference.Attack(unsure, confident, [0.5], Choose);
        Assert.Equal([(60, 40), (60, 40)], draws);
        Assert.Equal((40, 40), (members.PerClass, nonMembers.PerClass));
        RbfSvc expected = RbfSvc.Fit([.. confident.Reverse().Take(40)], unsure);
        Assert.Equal(expected.SupportVectors, members.Machine.SupportVectors);
        Assert.Equal(expected.Predict(0.5), members.PredictedMember[0]);
    }

    [Fact]
    public void Wrong_draws_and_empty_sets_are_named()
    {
        Assert.Contains("distinct", Attack((_, n) => new int[n]).Message);
        Assert.Contains("distinct", Attack((_, n) => [.. Enumerable.Range(0, n - 1)]).Message);
        Assert.Contains("gave index 60", Attack((count, n) => [.. Enumerable.Range(0, n - 1), count]).Message);
        Assert.Contains("retain", Assert.Throws<ArgumentException>(() => MembershipInference.Attack([], unsure, [0.5], First)).Message);
        Assert.Contains("test", Assert.Throws<ArgumentException>(() => MembershipInference.Attack(confident, [], [0.5], First)).Message);
        Assert.Contains("forget", Assert.Throws<ArgumentException>(() => MembershipInference.Attack(confident, unsure, [], First)).Message);
    }

    private static ArgumentException Attack(Func<int, int, int[]> choose) =>
        Assert.Throws<ArgumentException>(() => MembershipInference.Attack(confident, unsure, [0.5], choose));

    private static int[] First(int count, int size) => [.. Enumerable.Range(0, size)];
}
