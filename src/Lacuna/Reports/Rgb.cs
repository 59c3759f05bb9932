namespace Lacuna.Reports;

/// <summary>A colour of the sRGB space.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>For text.</summary>
    public static Rgb Ink { get; } = new(24, 24, 27);

    /// <summary>For lines and text that stands back.</summary>
    public static Rgb Grey { get; } = new(112, 112, 120);

    /// <summary>For what is as it should be; dark enough to be read on white.</summary>
    public static Rgb Good { get; } = new(0, 112, 72);

    /// <summary>For what is not; differs from <see cref="Good"/> in brightness too.</summary>
    public static Rgb Bad { get; } = new(190, 36, 20);

    /// <summary>Writes the three bytes.</summary>
    public void CopyTo(Span<byte> pixel) => (pixel[0], pixel[1], pixel[2]) = (Red, Green, Blue);
}
