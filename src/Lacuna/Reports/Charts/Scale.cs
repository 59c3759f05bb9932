namespace Lacuna.Reports.Charts;

/// <summary>Where a value lies on the paper.</summary>
/// <param name="Minimum">Value at <paramref name="From"/>.</param>
/// <param name="Maximum">Value at <paramref name="To"/>.</param>
/// <param name="From">Place in units of the drawing.</param>
/// <param name="To">Place; below From where values rise upwards.</param>
/// <param name="Logarithmic">Whether equal ratios, not equal differences, have equal lengths.</param>
internal readonly record struct Scale(double Minimum, double Maximum, double From, double To, bool Logarithmic)
{
    /// <summary>The place of a value that <see cref="Shows"/> says can be drawn.</summary>
    public double At(double value) => From + (To - From) * (Logarithmic
        ? (Math.Log(value) - Math.Log(Minimum)) / (Math.Log(Maximum) - Math.Log(Minimum))
        : (value - Minimum) / (Maximum - Minimum));

    /// <summary>Whether a value has a place: it is finite, and above zero on a logarithmic axis.</summary>
    public bool Shows(double value) => double.IsFinite(value) && (!Logarithmic || value > 0);

    /// <summary>The place of a value, no farther out than the ends of the axis.</summary>
    public double Inside(double value) => Shows(value) ? Math.Clamp(At(value), Math.Min(From, To), Math.Max(From, To)) : From;

    /// <summary>Numbers for the axis.</summary>
    /// <param name="apart">Least distance between two of them, in units of the drawing.</param>
    public IReadOnlyList<double> Marks(double apart)
    {
        var target = Math.Max(2, (int)(Math.Abs(To - From) / apart));
        if (!Logarithmic) return Ticks.Linear(Minimum, Maximum, target);
        var ticks = Ticks.Logarithmic(Minimum, Maximum);
        var every = (ticks.Count + target) / (target + 1);
        return every <= 1 ? ticks : [.. ticks.Where((_, i) => i % every == 0)];
    }

    /// <summary>The range of an axis: what it asks for, else what the values need.</summary>
    /// <param name="axis">May fix either end.</param>
    /// <param name="values">All that is drawn along it; those that have no place are passed over.</param>
    /// <param name="round">Whether free ends move out to round numbers.</param>
    public static (double Minimum, double Maximum) Range(Figures.Axis axis, IEnumerable<double> values, bool round)
    {
        double[] shown = [.. values.Where(value => double.IsFinite(value) && (!axis.Logarithmic || value > 0))];
        var (low, high) = shown.Length > 0 ? (shown.Min(), shown.Max()) : axis.Logarithmic ? (1, 10) : (0, 1);
        (low, high) = (Fixed(axis.Minimum) ?? low, Fixed(axis.Maximum) ?? high);
        if (!(low < high)) (low, high) = axis.Logarithmic ? (low / 2, low * 2) : (low - Room(low), low + Room(low));
        if (!round) return (low, high);
        if (axis.Logarithmic)
        {
            var (down, up) = (Math.Pow(10, Math.Floor(Math.Log10(low))), Math.Pow(10, Math.Ceiling(Math.Log10(high))));
            // A whole decade for a little of one would waste the paper.
            return (Fixed(axis.Minimum) ?? Math.Max(down, low / 1.5), Fixed(axis.Maximum) ?? Math.Min(up, high * 1.5));
        }
        var step = Ticks.Step(low, high, 5);
        return (Fixed(axis.Minimum) ?? Math.Floor(low / step + 1e-9) * step, Fixed(axis.Maximum) ?? Math.Ceiling(high / step - 1e-9) * step);

        double? Fixed(double? end) => end is { } value && double.IsFinite(value) && (!axis.Logarithmic || value > 0) ? value : null;
        static double Room(double value) => value == 0 ? 1 : Math.Abs(value) / 2;
    }
}
