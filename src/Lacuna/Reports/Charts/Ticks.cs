using System.Globalization;

namespace Lacuna.Reports.Charts;

/// <summary>Places on an axis where a reader expects numbers: multiples of 1, 2 or 5 times a power of ten; on a logarithmic axis powers of ten, with 2 and 5 where there is room.</summary>
internal static class Ticks
{
    // Wider decades than this would be ticked by every n-th power.
    private const int MostDecades = 8;

    /// <summary>Multiples of a round step inside [minimum, maximum].</summary>
    /// <param name="minimum">Finite, below maximum.</param>
    /// <param name="maximum">Finite.</param>
    /// <param name="target">About so many.</param>
    public static IReadOnlyList<double> Linear(double minimum, double maximum, int target)
    {
        var step = Step(minimum, maximum, target);
        var first = Math.Ceiling(minimum / step - 1e-9);
        var last = Math.Floor(maximum / step + 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last && ticks.Count <= 4 * target; i++) ticks.Add(Product(i, step));
        return ticks;
    }

    /// <summary>Powers of ten inside [minimum, maximum], both above zero; of less than two decades also 2 and 5 times these.</summary>
    public static IReadOnlyList<double> Logarithmic(double minimum, double maximum)
    {
        var (low, high) = ((int)Math.Floor(Math.Log10(minimum) + 1e-9), (int)Math.Ceiling(Math.Log10(maximum) - 1e-9));
        var every = Math.Max(1, (high - low + MostDecades - 1) / MostDecades);
        double[] factors = high - low <= 2 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (var decade = low; decade <= high; decade += every)
        {
            foreach (var factor in factors)
            {
                var tick = factor * Math.Pow(10, decade);
                if (tick >= minimum * (1 - 1e-9) && tick <= maximum * (1 + 1e-9)) ticks.Add(tick);
            }
        }
        return ticks.Count >= 2 ? ticks : Linear(minimum, maximum, 4);
    }

    /// <summary>The round step for about so many ticks.</summary>
    public static double Step(double minimum, double maximum, int target)
    {
        var raw = (maximum - minimum) / Math.Max(1, target);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        // Bounds are the geometric means of neighbours, so that the count errs as much to either side.
        return (raw / power) switch { < 1.41 => 1, < 3.16 => 2, < 7.07 => 5, _ => 10 } * power;
    }

    /// <summary>A number as a person writes it: at most four figures, and powers of ten outside 0.001 to 99,999.</summary>
    public static string Text(double value)
    {
        if (!double.IsFinite(value)) return "–";
        if (value == 0) return "0";
        var size = Math.Abs(value);
        if (size is < 0.001 or >= 99_999.5) return Power(value);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        return value.ToString(size >= 1000 ? "#,0" : "0." + new string('#', decimals), CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>Decimals that give the largest of some values three or four figures, so that all of them stand with as many.</summary>
    public static int Decimals(IEnumerable<double> values)
    {
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var size = largest > 0 ? (int)Math.Floor(Math.Log10(largest)) : 3;
        return Math.Clamp(size >= 1 ? 3 - size : 2 - size, 0, 5);
    }

    /// <summary>A number with so many decimals; what would be only zeros then is written as a power of ten.</summary>
    public static string Text(double value, int decimals)
    {
        var text = value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
        return !double.IsFinite(value) || Math.Abs(value) >= 99_999.5 || (value != 0 && !text.AsSpan().ContainsAnyInRange('1', '9')) ? Text(value) : text.Replace('-', '−');
    }

    private static string Power(double value)
    {
        var text = value.ToString("0.##e0", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    // 3 * 0.1 is not 0.3 in binary; the decimal it stands for is.
    private static double Product(double multiple, double step) => double.Parse((multiple * step).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
