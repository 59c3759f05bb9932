namespace Lacuna.Reports;

/// <summary>
/// Colours for values from 0 to 1, from a dark violet over red and orange to a light yellow. Lightness rises evenly, so that the order is seen without
/// colour too; hue and chroma follow a formula in OKLCh (Ottosson 2020), and a colour that a screen cannot show loses chroma, never lightness.
/// </summary>
internal static class HeatColours
{
    private const double Darkest = 0.20;
    private const double Lightest = 0.96;
    private const double FirstHue = 295;
    private const double LastHue = 465;
    private const double MostChroma = 0.20;

    /// <summary>The colour of a value; those outside [0,1] are taken to its ends, NaN to 0.</summary>
    public static Rgb Of(double value)
    {
        value = value > 0 ? Math.Min(value, 1) : 0;
        var lightness = Darkest + (Lightest - Darkest) * value;
        var hue = (FirstHue + (LastHue - FirstHue) * value) * Math.PI / 180;
        var chroma = MostChroma * Math.Sin(Math.PI * (0.12 + 0.76 * value));
        while (true)
        {
            var (red, green, blue) = Linear(lightness, chroma * Math.Cos(hue), chroma * Math.Sin(hue));
            if (chroma < 1e-3 || (InRange(red) && InRange(green) && InRange(blue))) return new(Coded(red), Coded(green), Coded(blue));
            chroma *= 0.97;
        }
    }

    private static bool InRange(double channel) => channel is >= 0 and <= 1;

    /// <summary>OKLab to linear sRGB.</summary>
    private static (double Red, double Green, double Blue) Linear(double lightness, double a, double b)
    {
        var l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    private static double Cube(double value) => value * value * value;

    /// <summary>sRGB's curve (IEC 61966-2-1), rounded to a byte.</summary>
    private static byte Coded(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        var coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)Math.Round(255 * coded);
    }
}
