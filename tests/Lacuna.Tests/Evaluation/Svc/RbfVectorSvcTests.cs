using System.Globalization;
using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation;

public sealed class RbfVectorSvcTests
{
    private const int Targets = 32;

    public static TheoryData<string> Problems => [.. ReadLines()];

    /// <summary>
    /// scikit-learn's steps, support vectors and predictions. Its dot products come from a BLAS that may sum in another order, which moves a float32
    /// kernel value now and then by its last bit: intercept and decisions agree to 1e-5 where both took the same steps, and within the solvers' tolerance anyhow.
    /// </summary>
    [Theory]
    [MemberData(nameof(Problems))]
    public void FortyProblemsEndWhereScikitLearnEnds(string line)
    {
        var f = line.Split(',');
        int problem = Whole(f[0]), positives = Whole(f[1]), negatives = Whole(f[2]), dimensions = Whole(f[3]);
        var options = f[5] == "auto" ? null : new RbfSvcOptions { C = Real(f[4]), Gamma = Real(f[5]) };
        var svc = RbfVectorSvc.Fit(Features(problem, 0, positives, dimensions, true), Features(problem, 1, negatives, dimensions, false), dimensions, options);
        var targets = Features(problem, 2, Targets, dimensions, problem % 4 < 2);
        bool[] expected = [.. Convert.FromHexString(f[10]).SelectMany(b => Enumerable.Range(0, 8).Select(k => (b >> (7 - k) & 1) != 0))];
        Assert.Equal(expected, svc.Predict(targets));
        Assert.Equal((Whole(f[6]), Whole(f[7])), (svc.Iterations, svc.SupportVectors));
        Assert.Equal(Real(f[8]), svc.Intercept, 1e-5);
        Assert.Equal(Real(f[9]), svc.Decisions(targets).Max(), 1e-5);
    }

    /// <summary>One feature is the case of the other machine, whose path is libsvm's to the last bit.</summary>
    [Theory]
    [InlineData("skewed")]
    [InlineData("saturated")]
    [InlineData("grid")]
    [InlineData("entropy")]
    public void OneFeatureIsTheScalarMachine(string kind)
    {
        double[] p = SvcProblems.Features(kind, 6000, 0, 500, true), n = SvcProblems.Features(kind, 6000, 1, 400, false), t = SvcProblems.Features(kind, 6000, 2, 300, true);
        RbfSvc scalar = RbfSvc.Fit(p, n);
        RbfVectorSvc vector = RbfVectorSvc.Fit(p, n, 1);
        Assert.Equal(scalar.Predict(t), vector.Predict(t));
        Assert.Equal(scalar.Intercept, vector.Intercept, 1e-4);
        Assert.All(scalar.Decisions(t).Zip(vector.Decisions(t)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(t.Zip(scalar.Decisions(t)), pair => Assert.Equal(scalar.Decision(pair.First), pair.Second, 1e-6));
    }

    [Fact]
    public void WrongRowsAreNamed()
    {
        Assert.Contains("no whole rows of 2", Assert.Throws<ArgumentException>(() => RbfVectorSvc.Fit([1, 2, 3], [1, 2], 2)).Message);
        Assert.Contains("Feature 1 of negative row 0", Assert.Throws<ArgumentException>(() => RbfVectorSvc.Fit([1, 2], [1, double.NaN], 2)).Message);
        Assert.Contains("each class", Assert.Throws<ArgumentException>(() => RbfVectorSvc.Fit([], [1, 2], 2)).Message);
        Assert.Empty(RbfVectorSvc.Fit([1, 2], [2, 1], 2).Predict([]));
    }

    private static IEnumerable<string> ReadLines()
    {
        using var reader = new StreamReader(typeof(RbfVectorSvcTests).Assembly.GetManifestResourceStream("Svc.vector-golden.csv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>The features of make_vector_golden.py, bit for bit; [points, dimensions].</summary>
    private static double[] Features(int problem, int group, int points, int dimensions, bool member)
    {
        var all = new double[points * dimensions];
        for (var i = 0; i < points; i++)
        {
            var row = all.AsSpan(i * dimensions, dimensions);
            for (var f = 0; f < dimensions; f++)
            {
                var u = SvcProblems.Uniform(problem, group, i, f);
                var shift = member && f == 0 ? 0.25 : 0.0;
                row[f] = (problem % 3) switch
                {
                    0 => u + shift,
                    1 => Math.Floor((u + shift) * 4) / 4,
                    _ => u * u * u * u * (f > 0 ? 1.0 : member ? 8.0 : 2.0),
                };
            }
            if (problem % 3 != 2) continue;
            var total = row[0];
            for (var f = 1; f < dimensions; f++) total += row[f];
            for (var f = 0; f < dimensions; f++) row[f] = (float)(row[f] / total);
        }
        return all;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
