using Lacuna.Evaluation;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation;

public sealed class MembershipFeaturesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>p = (0.7, 0.2, 0.1), by hand for the label 0 and for the label 2.</summary>
    [Fact]
    public void FeaturesOfAKnownDistribution()
    {
        var logits = (tensor(new double[,] { { 0.7, 0.2, 0.1 }, { 0.7, 0.2, 0.1 } }) * 3).log();
        var labels = tensor(new long[] { 0, 2 });
        var entropy = -(0.7 * Math.Log(0.7) + 0.2 * Math.Log(0.2) + 0.1 * Math.Log(0.1));
        Near([0.7, 0.1], MembershipFeatures.Confidence(logits, labels), 1e-14);
        Near([entropy, entropy], MembershipFeatures.Entropy(logits), 1e-14);
        var modified = MembershipFeatures.ModifiedEntropy(logits, labels);
        Near(
        [
            -0.3 * Math.Log(0.7) - 0.2 * Math.Log(0.8) - 0.1 * Math.Log(0.9),
            -0.9 * Math.Log(0.1) - 0.7 * Math.Log(0.3) - 0.2 * Math.Log(0.8),
        ], modified, 1e-14);
        Assert.Equal(0.1622, Numbers(modified)[0], 5e-5);
    }

    /// <summary>
    /// Logits (L, 0, 0) with L = 200 in float32: p_0 rounds to 1. For the label 0 both terms vanish like e^-L; for the label 1
    /// ME = L + log(1 + 2 e^-L) + (L - log 2) up to factors 1 - e^-L.
    /// </summary>
    [Fact]
    public void ASaturatedSoftmaxStaysFinite()
    {
        var logits = tensor(new float[,] { { 200, 0, 0 }, { 200, 0, 0 } });
        var labels = tensor(new long[] { 0, 1 });
        Near([0, 400 - Math.Log(2)], MembershipFeatures.ModifiedEntropy(logits, labels), 1e-4);
        Near([0, 0], MembershipFeatures.Entropy(logits), 1e-4);
        Near([1, 0], MembershipFeatures.Confidence(logits, labels), 0);
    }
}
