namespace Lacuna.Methods.MuMis;

/// <summary>
/// Algorithm 1's stop: the irrelevant sensitivity s_t = ||grad_x f_c'(D_f)||_F first falls, then recovers. The run ends when
/// s_t has risen above its recorded minimum and s_t / s_0 is above delta.
/// </summary>
/// <param name="delta">Threshold on s_t / s_0.</param>
public sealed class StopRule(double delta)
{
    private double _first = double.NaN;
    private double _previous = double.NaN;

    /// <summary>Smallest value seen.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <summary>s_t / s_0 of the last value; 1 when s_0 is 0 (a dead logit has no scale to compare with).</summary>
    public double Ratio => _first > 0 ? _previous / _first : 1;

    /// <summary>Takes the next s_t and says whether to stop.</summary>
    public bool Observe(double sensitivity)
    {
        if (double.IsNaN(_first)) _first = sensitivity;
        var rising = sensitivity > _previous && sensitivity > Minimum;
        Minimum = Math.Min(Minimum, sensitivity);
        _previous = sensitivity;
        // A threshold up to 1 is passed before the fall as well; one above 1 can also be reached without any fall.
        return rising && Ratio > delta && (delta > 1 || Minimum < _first);
    }
}
