using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Lacuna.Evaluation;

/// <summary>A figure over several seeds.</summary>
/// <param name="Count">Seeds.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Of the seeds, with n - 1; null for one seed, of which no spread is known.</param>
/// <param name="Low">Lower end of Student's t interval of the mean; null for one seed.</param>
/// <param name="High">Upper end.</param>
public sealed record Interval(int Count, double Mean, double? StandardDeviation, double? Low, double? High)
{
    /// <summary>Mean ± t(1 - (1 - confidence)/2; n - 1) s / √n. Assumes that the seeds' figures are independent and about normal.</summary>
    /// <param name="values">One a seed, at least one.</param>
    /// <param name="confidence">Share of such intervals that hold the true mean, in (0, 1).</param>
    /// <exception cref="ArgumentException">There is no value, or no such confidence.</exception>
    public static Interval Of(IReadOnlyList<double> values, double confidence = 0.95)
    {
        if (values.Count == 0) throw new ArgumentException("A mean over seeds needs at least one seed.", nameof(values));
        if (confidence is not (> 0 and < 1)) throw new ArgumentException($"A confidence lies between 0 and 1; {confidence} does not.", nameof(confidence));
        var mean = values.Mean();
        if (values.Count == 1) return new(1, mean, null, null, null);
        var deviation = values.StandardDeviation();
        var half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + confidence) / 2) * deviation / Math.Sqrt(values.Count);
        return new(values.Count, mean, deviation, mean - half, mean + half);
    }
}
