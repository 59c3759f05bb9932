using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class LogitLossesTests
{
    public static TheoryData<int, int> Shapes => LogitCase.Shapes;

    [Theory, MemberData(nameof(Shapes))]
    public void AgreeWithTheFormula(int samples, int classes)
    {
        var c = new LogitCase(samples, classes);
        var (values, gradient) = c.Losses();
        c.ExpectLosses(values, gradient, sumRoundings: classes / 8 + 10);
    }

    [Fact]
    public void ManyBlocksAndLongRowsAgreeToo()
    {
        foreach (var (samples, classes) in new[] { (9001, 10), (3, 70_000) })
        {
            var c = new LogitCase(samples, classes);
            var (values, gradient) = c.Losses();
            c.ExpectLosses(values, gradient, sumRoundings: classes / 8 + 10);
        }
    }

    [Fact]
    public void SpecialRowsAreThoseOfTheTensorLibrary()
    {
        var (values, gradient) = LogitSpecials.Hinge.Losses();
        Assert.Equal(LogitSpecials.HingeValues, values);
        Assert.Equal(LogitSpecials.HingeGradient, gradient);
        (values, gradient) = LogitSpecials.CrossEntropy.Losses();
        LogitSpecials.ExpectNear(LogitSpecials.CrossEntropyValues, values);
        LogitSpecials.ExpectNear(LogitSpecials.CrossEntropyGradient, gradient);
    }

    [Fact]
    public void IgnoredRowsAreZeroWhateverTheyHold()
    {
        float[] logits = [float.NaN, 1, float.PositiveInfinity, 1, 2, 3], values = new float[2], gradient = new float[6];
        LogitLosses.Cpu(logits, [-100, 2], [LogitRole.Ignore, LogitRole.CrossEntropy], [float.NaN, 1], values, gradient, 3, 0);
        Assert.Equal([0, 0, 0, 0], [values[0], .. gradient[..3]]);
        Near.Equal(Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), values[1], 1e-7);
    }

    [Fact]
    public void GradientMayReplaceTheLogits()
    {
        var c = new LogitCase(21, 10);
        float[] inPlace = [.. c.Logits], values = new float[21];
        LogitLosses.Cpu(inPlace, c.Labels, c.Roles, c.Weights, values, inPlace, 10, LogitCase.Tau);
        Assert.Equal(c.Losses().Gradient, inPlace);
    }

    [Fact]
    public void WrongLabelsRolesAndLengthsAreRefused()
    {
        float[] z = new float[6], g = new float[6], w = [1, 1], v = new float[2];
        LogitRole[] cross = [LogitRole.CrossEntropy, LogitRole.CrossEntropy];
        string? Refused(long[] labels, LogitRole[] roles, int classes = 3) =>
            Assert.ThrowsAny<ArgumentException>(() => LogitLosses.Cpu(z, labels, roles, w, v, g, classes, 1)).ParamName;
        Assert.Equal("labels", Refused([0, 3], cross));
        Assert.Equal("labels", Refused([-100, 0], cross));
        Assert.Equal("labels", Refused([0, 1L << 32], cross));
        Assert.Equal("roles", Refused([0, 0], [LogitRole.Ignore, (LogitRole)3]));
        Assert.Equal("logits", Refused([0, 0, 0], cross));
        Assert.Equal("roles", Refused([0, 0], [LogitRole.Ignore]));
        Assert.Equal("classes", Assert.ThrowsAny<ArgumentException>(() => LogitLosses.Cpu([], [], [], [], [], [], 0, 1)).ParamName);
    }
}
