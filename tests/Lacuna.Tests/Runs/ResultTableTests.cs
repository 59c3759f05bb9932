using Lacuna.Evaluation;
using Lacuna.Runs;

namespace Lacuna.Tests.Runs;

public sealed class ResultTableTests
{
    private static readonly ResultRow original = Row("original", 5, 95, 88, 20);
    private static readonly ResultRow oracle = Row(ResultTable.Oracle, 100, 94, 89, 100);
    private static readonly ResultRow method = Row("mu-mis", 98, 90, 86.5, 97);

    [Fact]
    public void GapsAreMeansOfFourAbsoluteDistances()
    {
        var rows = new ResultTable("t", "class:0", 1, 2, [original, oracle, method]).WithGapsTo(oracle).Rows;
        Assert.Equal([(95 + 1 + 1 + 80) / 4.0, 0, (2 + 4 + 2.5 + 3) / 4], rows.Select(r => r.AverageGap));
        Assert.Equal(["original", "retrain", "mu-mis"], rows.Select(r => r.Name));
    }

    [Fact]
    public void WithoutAnOracleThereIsNoGap() =>
        Assert.All(new ResultTable("t", "class:0", 1, 2, [original, oracle, method]).WithGapsTo(null).Rows, row => Assert.Null(row.AverageGap));

    private static ResultRow Row(string name, double ua, double ra, double ta, double mia) => new(name, new UnlearningMetrics(ua, ra, ta, mia), null, null, null, null);
}
