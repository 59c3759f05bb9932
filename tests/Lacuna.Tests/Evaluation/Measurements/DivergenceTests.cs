using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation.Measurements;

/// <summary>Divergences of outputs against closed forms and SciPy.</summary>
public sealed class DivergenceTests
{
    private static readonly double[] p = [0.7, 0.2, 0.1];
    private static readonly double[] q = [0.25, 0.25, 0.5];

    /// <summary>scipy.special.rel_entr(p, q).sum() and (q, p): the direction matters. Logits are float32, hence 1e-6.</summary>
    [Fact]
    public void KullbackLeiblerIsThatOfSciPyInTheStatedDirection()
    {
        Assert.Equal(0.5151610905, Divergence.KullbackLeibler(Outputs.OfShares(p), Outputs.OfShares(q)), 1e-6);
        Assert.Equal(0.6030999898, Divergence.KullbackLeibler(Outputs.OfShares(q), Outputs.OfShares(p)), 1e-6);
    }

    /// <summary>scipy.spatial.distance.jensenshannon(p, q) ** 2, in nats.</summary>
    [Fact]
    public void JensenShannonIsThatOfSciPy()
    {
        Assert.Equal(0.1296537525, Divergence.JensenShannon(Outputs.OfShares(p), Outputs.OfShares(q)), 1e-6);
        Assert.Equal(Divergence.JensenShannon(Outputs.OfShares(p), Outputs.OfShares(q)), Divergence.JensenShannon(Outputs.OfShares(q), Outputs.OfShares(p)), 1e-12);
    }

    [Fact]
    public void SumsGoOverImages()
    {
        var one = Divergence.KullbackLeibler(Outputs.OfShares(p), Outputs.OfShares(q));
        Assert.Equal(2 * one, Divergence.KullbackLeibler(Outputs.OfShares(p, q, p), Outputs.OfShares(q, q, q)), 1e-6);
    }

    /// <summary>Between a sure answer and another sure one JS is ln 2, ZRF 0; between equal outputs JS is 0, ZRF 1. Logits 2000 apart underflow every exponential.</summary>
    [Fact]
    public void SaturatedOutputsStayFinite()
    {
        var left = Outputs.Of([0, 0], [[2000, 0, -2000], [2000, 0, 0]]);
        var right = Outputs.Of([0, 0], [[0, 2000, -2000], [0, 0, 2000]]);
        Assert.Equal(2 * Math.Log(2), Divergence.JensenShannon(left, right), 1e-12);
        Assert.Equal(0, ZeroRetrainForgetting.Score(left, right)!.Value, 1e-12);
        Assert.Equal(1, ZeroRetrainForgetting.Score(left, left)!.Value, 1e-12);
        Assert.Equal(4000, Divergence.KullbackLeibler(left, right), 1e-9);
        Assert.Null(ZeroRetrainForgetting.Score(Outputs.None, Outputs.None));
    }

    /// <summary>A score by the formula written out, over random predictors.</summary>
    [Fact]
    public void ZrfOfRandomPredictorsIsTheFormulas()
    {
        var (model, random) = (Outputs.Random(50, 4, 1, 5), Outputs.Random(50, 4, 2, 1));
        random = random with { Labels = model.Labels };
        var sum = 0.0;
        for (var i = 0; i < 50; i++)
        {
            double[] Shares(Predictions of)
            {
                var e = of.LogitsOf(i).ToArray().Select(z => Math.Exp(z)).ToArray();
                return [.. e.Select(v => v / e.Sum())];
            }
            var (a, b) = (Shares(model), Shares(random));
            for (var k = 0; k < 4; k++)
            {
                var m = (a[k] + b[k]) / 2;
                sum += (a[k] * Math.Log2(a[k] / m) + b[k] * Math.Log2(b[k] / m)) / 2;
            }
        }
        Assert.Equal(1 - sum / 50, ZeroRetrainForgetting.Score(model, random)!.Value, 1e-9);
        Assert.InRange(1 - sum / 50, 0.5, 0.99);
    }

    [Fact]
    public void OutputsOfOtherImagesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Divergence.KullbackLeibler(Outputs.OfShares(p), Outputs.OfShares(p, p)));
        Assert.Throws<ArgumentException>(() => Divergence.JensenShannon(Outputs.Of([0], [[1, 2]]), Outputs.Of([1], [[1, 2]])));
    }
}
