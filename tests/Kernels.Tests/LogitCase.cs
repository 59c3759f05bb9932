using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Rows of logits with labels, roles and weights, and what the formulas give for them in float64.</summary>
internal sealed class LogitCase
{
    internal const float Tau = 2.5f;

    internal readonly int Samples, Classes;
    internal readonly float[] Logits, Weights;
    internal readonly long[] Labels;
    internal readonly LogitRole[] Roles;

    internal LogitCase(int samples, int classes, float spread = 8)
    {
        (Samples, Classes) = (samples, classes);
        Logits = [.. Kernels.Tests.Samples.Uniform(samples * classes, 1).Select(z => z * spread)];
        Weights = Kernels.Tests.Samples.Uniform(samples, 2);
        Labels = [.. Kernels.Tests.Samples.Uniform(samples, 3).Select(r => (long)((r + 1) / 2 * classes))];
        Roles = [.. Kernels.Tests.Samples.Uniform(samples, 4).Select(r => (LogitRole)(int)((r + 1) / 2 * 3))];
        // Every third row's label wins, so that margins lie on both sides of the hinge.
        for (int n = 0; n < samples; n += 3)
            Logits[n * classes + Labels[n]] = spread;
    }

    /// <summary>Rows given one by one, all in one role with weight 1.</summary>
    internal LogitCase(LogitRole role, params (float[] Logits, long Label)[] rows)
    {
        (Samples, Classes) = (rows.Length, rows[0].Logits.Length);
        Logits = [.. rows.SelectMany(row => row.Logits)];
        Labels = [.. rows.Select(row => row.Label)];
        Roles = [.. rows.Select(_ => role)];
        Weights = [.. rows.Select(_ => 1f)];
    }

    internal static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (int classes in new[] { 1, 2, 7, 10, 31, 32, 33, 64, 100, 257, 1000, 1025 })
                foreach (int samples in new[] { 0, 1, 5, 17 })
                    shapes.Add(samples, classes);
            return shapes;
        }
    }

    private double[] Row(int n) => [.. Logits.Skip(n * Classes).Take(Classes).Select(z => (double)z)];

    // Relative to the largest, and its softmax.
    private static (double[] T, double[] P) Softmax(double[] z)
    {
        double[] t = [.. z.Select(value => value - z.Max())];
        double sum = t.Sum(Math.Exp);
        return (t, [.. t.Select(value => Math.Exp(value) / sum)]);
    }

    internal (float[] Values, float[] Gradient) Losses()
    {
        float[] values = new float[Samples], gradient = new float[Logits.Length];
        LogitLosses.Cpu(Logits, Labels, Roles, Weights, values, gradient, Classes, Tau);
        return (values, gradient);
    }

    /// <param name="values">[N].</param>
    /// <param name="gradient">[N,K].</param>
    /// <param name="sumRoundings">Relative error of a sum of K exponentials in units of <see cref="Near.Rounding"/>.</param>
    internal void ExpectLosses(float[] values, float[] gradient, double sumRoundings)
    {
        for (int n = 0; n < Samples; n++)
        {
            double[] z = Row(n);
            var y = (int)Labels[n];
            double unit = Near.Rounding * Math.Abs(Weights[n]), value = 0;
            double[] slopes = new double[Classes], bounds = new double[Classes];
            double bound = 0;
            if (Roles[n] == LogitRole.CrossEntropy)
            {
                var (t, p) = Softmax(z);
                double loss = Math.Log(t.Sum(Math.Exp)) - t[y];
                (value, bound) = (Weights[n] * loss, unit * (3 * loss + Math.Abs(t[y]) + sumRoundings + Math.Log(Classes)));
                for (int k = 0; k < Classes; k++)
                    (slopes[k], bounds[k]) = (Weights[n] * (p[k] - (k == y ? 1 : 0)), unit * (p[k] * (Math.Abs(t[k]) + sumRoundings + 6) + 1));
            }
            else if (Roles[n] == LogitRole.MarginHinge)
            {
                int rival = -1;
                for (int k = 0; k < Classes; k++)
                    if (k != y && (rival < 0 || z[k] > z[rival]))
                        rival = k;
                double margin = rival < 0 ? double.PositiveInfinity : z[y] - z[rival];
                (value, bound) = (Weights[n] * Math.Max(margin, -Tau), 3 * unit * Math.Abs(margin));
                if (margin >= -Tau)
                {
                    slopes[y] = Weights[n];
                    if (rival >= 0)
                        slopes[rival] = -Weights[n];
                }
            }
            Near.Equal(value, values[n], bound);
            for (int k = 0; k < Classes; k++)
                Near.Equal(slopes[k], gradient[n * Classes + k], bounds[k]);
        }
    }

    private static double LogOfOnePlus(double x) => Math.Abs(x) < 1e-4 ? x * (1 - x * (0.5 - x * (1 / 3.0 - x / 4))) : Math.Log(1 + x);

    internal MembershipResult Membership()
    {
        var result = new MembershipResult(new float[Samples], new float[Samples], new float[Samples], new byte[Samples]);
        MembershipScores.Cpu(Logits, Labels, result.Confidence, result.Entropy, result.Modified, result.Correct, Classes);
        return result;
    }

    internal void ExpectMembership(MembershipResult result, double sumRoundings)
    {
        for (int n = 0; n < Samples; n++)
        {
            double[] z = Row(n);
            var y = (int)Labels[n];
            int top = Array.IndexOf(z, z.Max());
            var (t, p) = Softmax(z);
            // Of the largest from the others' sum, relative to the largest of them; of every other one, with p at most 1/2, from p.
            double[] others = [.. t.Where((_, k) => k != top)];
            double othersSum = others.Sum(Math.Exp), logSum = LogOfOnePlus(othersSum);
            double LogOthers(int k) => k != top ? LogOfOnePlus(-p[k])
                : others.Length == 0 ? double.NegativeInfinity : others.Max() + Math.Log(others.Sum(other => Math.Exp(other - others.Max()))) - logSum;
            double entropy = 0, modified = -Math.Exp(LogOthers(y)) * (t[y] - logSum);
            for (int k = 0; k < Classes; k++)
            {
                entropy -= p[k] * (t[k] - logSum);
                modified -= k == y ? 0 : p[k] * LogOthers(k);
            }
            double unit = Near.Rounding * (sumRoundings + 12);
            Near.Equal(p[y], result.Confidence[n], p[y] * (unit + Near.Rounding * Math.Abs(t[y])) + float.Epsilon);
            // Every term is relatively right, up to its exponent's rounding; no term is negative.
            double exponents = Near.Rounding * t.Select((value, k) => k == top ? 0 : p[k] * value * value).Sum();
            Near.Equal(entropy, result.Entropy[n], entropy * unit + exponents + float.Epsilon);
            double spread = Math.Abs(t.Min());
            Near.Equal(modified, result.Modified[n], modified * (unit + Near.Rounding * (4 + spread)) + float.Epsilon);
            Assert.Equal(y == top ? 1 : 0, result.Correct[n]);
        }
    }
}

internal sealed record MembershipResult(float[] Confidence, float[] Entropy, float[] Modified, byte[] Correct);
