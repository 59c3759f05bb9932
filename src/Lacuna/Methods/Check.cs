using System.Globalization;

namespace Lacuna.Methods;

/// <summary>Checks of option values; the message names the option, the value and what is allowed.</summary>
internal static class Check
{
    public static void Positive(double value, string name) => Require(value > 0 && double.IsFinite(value), name, value, "a positive number");

    public static void NotNegative(double value, string name) => Require(value >= 0 && double.IsFinite(value), name, value, "zero or a positive number");

    public static void Within(double value, double low, double high, string name) => Require(value >= low && value <= high, name, value, $"between {low} and {high}");

    public static void AtLeast(int value, int least, string name) => Require(value >= least, name, value, $"a whole number of at least {least}");

    private static void Require(bool holds, string name, double value, string allowed)
    {
        if (!holds) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {allowed}."));
    }
}
