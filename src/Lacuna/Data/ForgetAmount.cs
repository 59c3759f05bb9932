using System.Globalization;

namespace Lacuna.Data;

/// <summary>How many images of a group: a number, or a share in percent, rounded to the nearest count (halves up).</summary>
public readonly record struct ForgetAmount
{
    private ForgetAmount(decimal value, bool isShare) => (Value, IsShare) = (value, isShare);

    /// <summary>The number or the percentage.</summary>
    public decimal Value { get; }

    /// <summary>Whether it is a percentage.</summary>
    public bool IsShare { get; }

    /// <summary>Reads <c>16</c> or <c>10%</c>.</summary>
    /// <returns>Null when the text is neither.</returns>
    public static ForgetAmount? Parse(string text)
    {
        if (text.EndsWith('%'))
            return decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? new(percent, true) : null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? new(count, false) : null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsShare ? "%" : "")}");

    /// <summary>The count in a group of <paramref name="all"/>; at most all, so that more than everything is reported as everything.</summary>
    public int Of(int all) => IsShare ? (int)Math.Round(Math.Min(Value, 100) / 100 * all, MidpointRounding.AwayFromZero) : (int)Math.Min(Value, all);
}
