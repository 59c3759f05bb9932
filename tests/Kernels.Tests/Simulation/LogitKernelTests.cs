using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>Both kernels on logits; the lanes of a row beside the launch's own choice too, since results must not depend on it but by roundings.</summary>
public sealed class LogitKernelTests
{
    private const int Threads = 64;

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int classes in new[] { 1, 2, 7, 10, 33, 100, 257, 1000, 1025 })
                foreach (int samples in classes > 100 ? [3] : new[] { 0, 1, 17 })
                    shapes.Add(samples, classes, LogitStage.Lanes(classes));
            foreach (int lanes in new[] { 0, 2, 8, 32 })
                shapes.Add(35, 10, lanes);
            return shapes;
        }
    }

    private static double SumRoundings(int classes, int lanes) => classes / Math.Max(1, lanes == 0 ? 32 : lanes) + 12;

    private static (float[] Values, float[] Gradient) Losses(LogitCase c, int lanes, bool wide, int groups = 3)
    {
        int offset = wide ? 4 : 1;
        using var logits = new SimulatedArray<float>([.. new float[offset], .. c.Logits]);
        using var gradient = new SimulatedArray<float>([.. Enumerable.Repeat(9f, offset), .. new float[c.Logits.Length], 9]);
        using var labels = new SimulatedArray<long>(c.Labels);
        using var roles = new SimulatedArray<byte>([7, .. c.Roles.Select(role => (byte)role)]);
        using var weights = new SimulatedArray<float>(c.Weights);
        using var values = new SimulatedArray<float>(c.Samples + 1);
        ArrayView<float> z = logits.View.SubView(offset), g = gradient.View.SubView(offset, c.Logits.Length), v = values.View.SubView(0, c.Samples);
        ArrayView<byte> r = roles.View.SubView(1);
        KernelSimulator.Run(new(groups, Threads), () => LogitLosses.Kernel(z, labels.View, r, weights.View, v, g, c.Samples, c.Classes, LogitCase.Tau, lanes, wide ? 1 : 0));
        Assert.True(float.IsNaN(values.Span[^1]));
        Assert.Equal((9f, 9f), (gradient.Span[offset - 1], gradient.Span[^1]));
        return (values.Span[..^1].ToArray(), gradient.Span[offset..^1].ToArray());
    }

    private static MembershipResult Membership(LogitCase c, int lanes, bool wide)
    {
        int offset = wide ? 4 : 3;
        using var logits = new SimulatedArray<float>([.. new float[offset], .. c.Logits]);
        using var labels = new SimulatedArray<long>(c.Labels);
        using var features = new SimulatedArray<float>(3 * c.Samples + 1);
        using var correct = new SimulatedArray<byte>(c.Samples + 1);
        ArrayView<float> z = logits.View.SubView(offset), p = features.View.SubView(0, c.Samples), e = features.View.SubView(c.Samples, c.Samples),
            m = features.View.SubView(2 * c.Samples, c.Samples);
        ArrayView<byte> r = correct.View.SubView(0, c.Samples);
        KernelSimulator.Run(new(3, Threads), () => MembershipScores.Kernel(z, labels.View, p, e, m, r, c.Samples, c.Classes, lanes, wide ? 1 : 0));
        Assert.True(float.IsNaN(features.Span[^1]) && correct.Span[^1] == 0xff);
        float[] all = features.Span.ToArray();
        return new(all[..c.Samples], all[c.Samples..(2 * c.Samples)], all[(2 * c.Samples)..^1], correct.Span[..^1].ToArray());
    }

    [Theory, MemberData(nameof(Shapes))]
    public void LossesAgreeWithTheFormulaHoweverTheyLoad(int samples, int classes, int lanes)
    {
        var c = new LogitCase(samples, classes);
        var (values, gradient) = Losses(c, lanes, wide: false);
        c.ExpectLosses(values, gradient, SumRoundings(classes, lanes));
        var (wideValues, wideGradient) = Losses(c, lanes, wide: true);
        Assert.Equal(values, wideValues);
        Assert.Equal(gradient, wideGradient);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void MembershipAgreesWithTheFormulaHoweverItLoads(int samples, int classes, int lanes)
    {
        var c = new LogitCase(samples, classes);
        MembershipResult result = Membership(c, lanes, wide: false), wide = Membership(c, lanes, wide: true);
        c.ExpectMembership(result, SumRoundings(classes, lanes));
        Assert.Equal(result.Modified, wide.Modified);
        Assert.Equal(result.Entropy, wide.Entropy);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(4)]
    public void SpecialRowsAreThoseOfTheTensorLibrary(int lanes)
    {
        var (values, gradient) = Losses(LogitSpecials.Hinge, lanes, wide: false);
        Assert.Equal(LogitSpecials.HingeValues, values);
        Assert.Equal(LogitSpecials.HingeGradient, gradient);
        (values, gradient) = Losses(LogitSpecials.CrossEntropy, lanes, wide: false);
        LogitSpecials.ExpectNear(LogitSpecials.CrossEntropyValues, values);
        LogitSpecials.ExpectNear(LogitSpecials.CrossEntropyGradient, gradient);
        LogitSpecials.Expect(Membership(LogitSpecials.Membership, lanes, wide: false));
    }

    [Fact]
    public void WrongLabelsAndRolesGiveNotANumberAndTouchNothingElse()
    {
        var c = new LogitCase(LogitRole.CrossEntropy, ([1, 2], 0), ([1, 2], 2), ([1, 2], -100), ([1, 2], 1L << 32), ([float.NaN, 2], -100), ([1, 2], 1));
        c.Roles[3] = LogitRole.MarginHinge;
        c.Roles[4] = LogitRole.Ignore;
        c.Roles[5] = (LogitRole)3;
        var (values, gradient) = Losses(c, 1, wide: false);
        Assert.Equal([false, true, true, true, false, true], values.Select(float.IsNaN));
        Assert.Equal([false, false, true, true, true, true, true, true, false, false, true, true], gradient.Select(float.IsNaN));
        Assert.Equal([0, 0, 0], [values[4], gradient[8], gradient[9]]);
        MembershipResult membership = Membership(c, 1, wide: false);
        Assert.Equal([false, true, true, true, true, false], membership.Confidence.Select(float.IsNaN));
        Assert.Equal([0, 0, 0, 0, 0, 1], membership.Correct);
    }

    /// <summary>Three million rows of 1,000 classes, of which only the last two have memory.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(0)]
    public void ReachTheLastRowsBeyondTwoToThe31(int lanes)
    {
        const int samples = 3_000_000, classes = 1000, groups = samples / 2;
        const long total = (long)samples * classes;
        var c = new LogitCase(2, classes);
        Index3D[] lastGroup = [new(groups - 1, 0, 0)];
        using var logits = SimulatedArray<float>.Window(total, total - 2 * classes, c.Logits);
        using var gradient = SimulatedArray<float>.Window(total, total - 2 * classes, new float[2 * classes]);
        using var labels = SimulatedArray<long>.Window(samples, samples - 2, c.Labels);
        using var roles = SimulatedArray<byte>.Window(samples, samples - 2, [.. c.Roles.Select(role => (byte)role)]);
        using var weights = SimulatedArray<float>.Window(samples, samples - 2, c.Weights);
        using var values = SimulatedArray<float>.Window(samples, samples - 2, new float[2]);
        KernelSimulator.Run(new(groups, Threads),
            () => LogitLosses.Kernel(logits.View, labels.View, roles.View, weights.View, values.View, gradient.View, samples, classes, LogitCase.Tau, lanes, 1), lastGroup);
        c.ExpectLosses(values.Span.ToArray(), gradient.Span.ToArray(), SumRoundings(classes, lanes));
        using var entropy = SimulatedArray<float>.Window(samples, samples - 2, new float[2]);
        using var modified = SimulatedArray<float>.Window(samples, samples - 2, new float[2]);
        KernelSimulator.Run(new(groups, Threads),
            () => MembershipScores.Kernel(logits.View, labels.View, values.View, entropy.View, modified.View, roles.View, samples, classes, lanes, 1), lastGroup);
        c.ExpectMembership(new(values.Span.ToArray(), entropy.Span.ToArray(), modified.Span.ToArray(), roles.Span.ToArray()), SumRoundings(classes, lanes));
    }

    [Fact]
    public void AWholeGroupsRowsFitTheSharedMemory()
    {
        Assert.Equal([1, 1, 2, 8, 32, 32, 0], new[] { 1, 10, 40, 200, 1000, 1024, 1025 }.Select(LogitStage.Lanes));
        for (int classes = 1; classes <= 1024; classes++)
        {
            int lanes = LogitStage.Lanes(classes);
            Assert.InRange(256 / lanes * LogitStage.Stride(classes, lanes), 1, LogitStage.Size);
            Assert.True(LogitStage.Stride(classes, lanes) >= classes);
        }
    }
}
