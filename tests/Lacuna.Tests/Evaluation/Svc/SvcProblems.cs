using System.Globalization;

namespace Lacuna.Tests.Evaluation;

/// <summary>The problems of make_sklearn_golden.py, whose features are a pure function in exactly rounded arithmetic.</summary>
internal static class SvcProblems
{
    public const int Targets = 64;

    /// <summary>One line of sklearn-golden.csv: sizes, settings, and scikit-learn's answers.</summary>
    public sealed record Golden(
        int Problem, string Kind, int Positives, int Negatives, double C, double Gamma, double Tolerance,
        int Iterations, int SupportVectors, double Intercept, bool[] Predictions)
    {
        public double[] PositiveFeatures => Features(Kind, Problem, 0, Positives, true);

        public double[] NegativeFeatures => Features(Kind, Problem, 1, Negatives, false);

        public double[] TargetFeatures => Features(Kind, Problem, 2, Targets, Problem % 2 == 0);
    }

    public static List<Golden> ReadGolden()
    {
        using Stream stream = typeof(SvcProblems).Assembly.GetManifestResourceStream("Svc.sklearn-golden.csv")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        List<Golden> all = [];
        while (reader.ReadLine() is { } line)
        {
            string[] f = line.Split(',');
            byte[] packed = Convert.FromHexString(f[10]);
            all.Add(new Golden(
                Whole(f[0]), f[1], Whole(f[2]), Whole(f[3]), Real(f[4]), Real(f[5]), Real(f[6]), Whole(f[7]), Whole(f[8]), Real(f[9]),
                [.. Enumerable.Range(0, Targets).Select(k => (packed[k / 8] >> (7 - (k % 8)) & 1) != 0)]));
        }

        return all;
    }

    public static double[] Features(string kind, int problem, int group, int points, bool member)
    {
        double[] features = new double[points];
        for (int k = 0; k < points; k++)
        {
            int point = k;
            double U(int draw) => Uniform(problem, group, point, draw);
            features[k] = kind switch
            {
                "uniform" => U(0),
                "skewed" => member ? Math.Max(Math.Max(U(0), U(1)), U(2)) : Math.Max(U(0), U(1)),
                "saturated" => (float)(1.0 - Enumerable.Range(1, member ? 15 : 8).Aggregate(U(0), (p, draw) => p * U(draw))),
                "grid" => Math.Floor(Math.Max(U(0), member ? U(1) : 0) * 20) / 20,
                "entropy" => U(0) * U(1) * (member ? 1.9 : 2.3),
                "modified" => U(0) / (U(1) + 0.02) * (member ? 0.7 : 1.0),
                "wide" => ((U(0) + U(1) + U(2) + U(3) - 2.0) * 15.0) + (member ? 1 : 0),
                "separable" => (U(0) * 0.4) + (member ? 0.6 : 0),
                "constant" => 0.7,
                "binary" => U(0) < (member ? 0.8 : 0.6) ? 1 : 0,
                "offset" => 1000.0 + (U(0) + U(1)) + (member ? 0.25 : 0),
                "narrow" => 0.5 + (U(0) * 1e-4) + (member ? 2e-5 : 0),
                _ => throw new ArgumentException(kind, nameof(kind)),
            };
        }

        return features;
    }

    /// <summary>SplitMix64's finaliser on a counter; the upper 53 bits as a number in [0, 1).</summary>
    public static double Uniform(int problem, int group, int point, int draw)
    {
        ulong z = ((ulong)problem << 40) + ((ulong)group << 36) + ((ulong)point << 8) + (ulong)draw;
        z = (z + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * Math.ScaleB(1, -53);
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
