using BenchmarkDotNet.Attributes;
using Lacuna.Evaluation;

/// <summary>
/// The membership attack's support vector machine on two overlapping classes of a softmax-like feature, and its
/// predictions for as many targets as one class has.
/// </summary>
public class SvcBenchmark
{
    private double[] members = [], nonMembers = [];
    private RbfSvc svc = null!;

    /// <summary>Training points, half of them members.</summary>
    [Params(2_000, 10_000, 40_000)]
    public int Points { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        members = [.. Enumerable.Range(0, Points / 2).Select(_ => Math.Sqrt(Math.Sqrt(random.NextDouble())))];
        nonMembers = [.. Enumerable.Range(0, Points / 2).Select(_ => Math.Sqrt(random.NextDouble()))];
        svc = RbfSvc.Fit(members, nonMembers);
    }

    [Benchmark]
    public int Fit() => RbfSvc.Fit(members, nonMembers).Iterations;

    [Benchmark]
    public bool[] Predict() => svc.Predict(nonMembers);
}
