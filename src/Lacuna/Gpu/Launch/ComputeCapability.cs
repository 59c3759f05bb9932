using System.Globalization;

namespace Lacuna.Gpu.Launch;

/// <summary>A generation of CUDA devices, written <c>sm_90</c>.</summary>
/// <param name="Major">9 for Hopper.</param>
/// <param name="Minor">One digit.</param>
public readonly record struct ComputeCapability(int Major, int Minor) : IComparable<ComputeCapability>
{
    private const string Prefix = "sm_";

    /// <summary>Reads <c>sm_90</c>.</summary>
    /// <exception cref="ArgumentException">It is not written like that.</exception>
    public static ComputeCapability Parse(string text)
    {
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 30 and < 1000)
            return new(number / 10, number % 10);
        throw new ArgumentException($"'{text}' is no CUDA architecture. Write one like sm_80 or sm_90; 'nvidia-smi --query-gpu=compute_cap --format=csv' shows a device's.");
    }

    /// <inheritdoc/>
    public int CompareTo(ComputeCapability other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Major}{Minor}");
}
