using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Rows with ties, NaN and infinities, and what PyTorch 1.13 gave for them on the CPU, operators as in the classes' comments.</summary>
internal static class LogitSpecials
{
    private const float NaN = float.NaN, Inf = float.PositiveInfinity;

    /// <summary>clamp_min(own - masked.max(1), -2.5) and its gradient.</summary>
    internal static readonly LogitCase Hinge = new(LogitRole.MarginHinge,
        ([1, 1, 1, 0], 0), ([0, 2, 2.5f, 2.5f], 0), ([0, 1, NaN, 2], 0), ([NaN, 1, 0, 2], 0), ([0, NaN, NaN, Inf], 3), ([Inf, Inf, 0, 0], 0),
        ([-Inf, -Inf, -Inf, -Inf], 0), ([-Inf, 0, -Inf, 0], 0), ([0, -Inf, -Inf, -Inf], 0), ([-Inf, -Inf, 0, -Inf], 2), ([5, 1, 2, 2], 0), ([0, 9, 2, 2], 0));

    internal static readonly float[] HingeValues = [0, -2.5f, NaN, NaN, NaN, NaN, NaN, -2.5f, Inf, Inf, 3, -2.5f];
    internal static readonly float[] HingeGradient =
    [
        1, -1, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, -1, 0, 1, 0, 1, 0, -1, 0, 0, 0, 0, 0,
    ];

    /// <summary>cross_entropy and its gradient.</summary>
    internal static readonly LogitCase CrossEntropy = new(LogitRole.CrossEntropy,
        ([0, Inf, 1], 0), ([0, Inf, 1], 1), ([-Inf, -Inf, -Inf], 0), ([NaN, 1, 2], 1), ([1, NaN, Inf], 2), ([200, 0, 0], 0), ([200, 0, 0], 1),
        ([3e38f, -3e38f, 0], 1), ([0, -Inf, 0], 1), ([0, -Inf, 0], 0));

    internal static readonly float[] CrossEntropyValues = [NaN, NaN, NaN, NaN, NaN, 0, 200, Inf, Inf, MathF.Log(2)];
    internal static readonly float[] CrossEntropyGradient =
    [
        NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN,
        0, 0, 0, 1, -1, 0, 1, -1, 0, 0.5f, -1, 0.5f, -0.5f, 0, 0.5f,
    ];

    /// <summary>softmax_y; -(p log p).sum; equation 8 with log(1 - p_k) as the masked log-sum-exp; argmax == y.</summary>
    internal static readonly LogitCase Membership = new(LogitRole.Ignore,
        ([0, Inf, 1], 0), ([0, Inf, 1], 1), ([-Inf, -Inf, -Inf], 0), ([NaN, NaN, 2], 1), ([NaN, 1, 2], 0), ([200, 0, 0], 0), ([200, 0, 0], 1),
        ([0, -Inf, 0], 1), ([0, -Inf, 0], 0), ([1, 1, 1], 1), ([0, -Inf, -Inf], 0), ([0, -Inf, -Inf], 1));

    internal static readonly MembershipResult MembershipExpected = new(
        [NaN, NaN, NaN, NaN, NaN, 1, 0, 0, 0.5f, 1 / 3f, 1, 0],
        [NaN, NaN, NaN, NaN, NaN, 0, 0, NaN, NaN, MathF.Log(3), NaN, NaN],
        // 200, 0, 0: the label's 200 and the largest's 200 - log 2.
        [NaN, NaN, NaN, NaN, NaN, 0, 400 - MathF.Log(2), Inf, MathF.Log(2), 2 / 3f * (MathF.Log(3) + MathF.Log(1.5f)), 0, Inf],
        [0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0]);

    internal static void ExpectNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Near.Equal(expected[i], actual[i], 4 * Near.Rounding * Math.Abs(expected[i]) + 1e-7);
    }

    internal static void Expect(MembershipResult actual)
    {
        ExpectNear(MembershipExpected.Confidence, actual.Confidence);
        ExpectNear(MembershipExpected.Entropy, actual.Entropy);
        ExpectNear(MembershipExpected.Modified, actual.Modified);
        Assert.Equal(MembershipExpected.Correct, actual.Correct);
    }
}
