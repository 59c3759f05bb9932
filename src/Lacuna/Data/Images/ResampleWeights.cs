namespace Lacuna.Data.Images;

/// <summary>
/// Which input pixels, along one axis, make each output pixel of an antialiased bilinear resize, and with what weight: a triangle as wide as the
/// reduction, cut off at the image's border, normalised in float64, then rounded to fixed point. It is Pillow's rule (its manual's "Filters" chapter
/// says what is computed; the precision follows from eight bits a sample and two spare bits in an int32), so that sums are the same to the bit.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>Bits after the point: 32, less 8 for a sample and 2 spare ones.</summary>
    public const int Bits = 32 - 8 - 2;

    private double[] _exact = [];

    /// <summary>First input pixel of each output pixel.</summary>
    public int[] First { get; private set; } = [];

    /// <summary>Number of input pixels of each output pixel.</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>Weights, <see cref="Stride"/> apart for each output pixel.</summary>
    public int[] Values { get; private set; } = [];

    /// <summary>Weights kept of each output pixel.</summary>
    public int Stride { get; private set; }

    /// <summary>Sets the weights for resizing <paramref name="input"/> to <paramref name="output"/> pixels, of which <paramref name="count"/> from <paramref name="from"/> on are wanted.</summary>
    public void Set(int input, int output, int from, int count)
    {
        var scale = (double)input / output;
        var width = Math.Max(scale, 1);
        Stride = (int)Math.Ceiling(width) * 2 + 1;
        if (First.Length < count) (First, Count) = (new int[count], new int[count]);
        if (Values.Length < (long)count * Stride) Values = new int[checked(count * Stride)];
        if (_exact.Length < Stride) _exact = new double[Stride];
        var inverse = 1 / width;
        for (var i = 0; i < count; i++)
        {
            var centre = (from + i + 0.5) * scale;
            var first = Math.Max((int)(centre - width + 0.5), 0);
            var taps = Math.Min((int)(centre + width + 0.5), input) - first;
            var sum = 0.0;
            for (var t = 0; t < taps; t++) sum += _exact[t] = Math.Max(0, 1 - Math.Abs((t + first - centre + 0.5) * inverse));
            var values = Values.AsSpan(i * Stride, Stride);
            for (var t = 0; t < taps; t++) values[t] = (int)(0.5 + (sum != 0 ? _exact[t] / sum : _exact[t]) * (1 << Bits));
            (First[i], Count[i]) = (first, taps);
        }
    }
}
