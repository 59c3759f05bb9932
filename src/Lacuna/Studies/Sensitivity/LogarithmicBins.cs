namespace Lacuna.Studies.Sensitivity;

/// <summary>Bins of equal width on a logarithmic axis, the same for every model, so that histograms can be laid over each other.</summary>
internal sealed class LogarithmicBins
{
    private const double Narrow = 0.1;
    private const double Wide = 0.25;

    // Beyond so many decades narrow bins are too many to be seen.
    private const double NarrowUpTo = 6;

    private readonly int _first;
    private readonly double _width;

    /// <param name="values">Those above zero and finite decide where the bins begin and end.</param>
    public LogarithmicBins(IEnumerable<double> values)
    {
        double[] powers = [.. values.Where(IsBinned).Select(Math.Log10)];
        var (least, most) = powers.Length == 0 ? (0, 0) : (powers.Min(), powers.Max());
        _width = most - least > NarrowUpTo ? Wide : Narrow;
        _first = (int)Math.Floor(least / _width);
        Count = (int)Math.Floor(most / _width) - _first + 1;
        Edges = [.. Enumerable.Range(_first, Count + 1).Select(i => Math.Pow(10, i * _width))];
    }

    /// <summary>Bins.</summary>
    public int Count { get; }

    /// <summary>Ascending, one more than there are bins.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>Whether a value has a place on the axis.</summary>
    public static bool IsBinned(double value) => value > 0 && double.IsFinite(value);

    /// <summary>How many values fall into each bin.</summary>
    public IReadOnlyList<double> CountsOf(IEnumerable<double> values)
    {
        var counts = new double[Count];
        foreach (var value in values.Where(IsBinned)) counts[Math.Clamp((int)Math.Floor(Math.Log10(value) / _width) - _first, 0, Count - 1)]++;
        return counts;
    }
}
