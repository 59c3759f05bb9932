using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class MembershipScoresTests
{
    public static TheoryData<int, int> Shapes => LogitCase.Shapes;

    [Theory, MemberData(nameof(Shapes))]
    public void AgreeWithTheFormula(int samples, int classes)
    {
        foreach (float spread in new[] { 8f, 40f })
        {
            var c = new LogitCase(samples, classes, spread);
            c.ExpectMembership(c.Membership(), sumRoundings: 6);
        }
    }

    [Fact]
    public void ManyBlocksAgreeToo()
    {
        var c = new LogitCase(9001, 10);
        c.ExpectMembership(c.Membership(), sumRoundings: 6);
    }

    [Fact]
    public void SpecialRowsAreThoseOfTheTensorLibrary() => LogitSpecials.Expect(LogitSpecials.Membership.Membership());

    [Fact]
    public void WrongLabelsAndLengthsAreRefused()
    {
        float[] z = new float[6], f = new float[2];
        string? Refused(long[] labels, float[] confidence) =>
            Assert.ThrowsAny<ArgumentException>(() => MembershipScores.Cpu(z, labels, confidence, f, f, new byte[2], 3)).ParamName;
        Assert.Equal("labels", Refused([0, 3], f));
        Assert.Equal("labels", Refused([-1, 0], f));
        Assert.Equal("logits", Refused([0, 0, 0], f));
        Assert.Equal("confidence", Refused([0, 0], z));
    }
}
