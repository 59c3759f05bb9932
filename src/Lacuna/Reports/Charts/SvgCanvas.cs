using System.Globalization;
using System.Text;
using System.Xml;

namespace Lacuna.Reports.Charts;

/// <summary>
/// Writes one SVG picture. Every colour stands in it twice: as an attribute, for a picture that stands alone on white paper, and as a class, by
/// which a page's style sheet (which beats attributes) makes it follow dark and light.
/// </summary>
internal sealed class SvgCanvas
{
    /// <summary>Size of ordinary text.</summary>
    public const double TextSize = 12;

    /// <summary>Size of numbers at axes.</summary>
    public const double SmallSize = 11;

    /// <summary>Size of a title.</summary>
    public const double TitleSize = 14;

    private const string Fonts = "system-ui, 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif";

    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    /// <summary>A picture to draw into; its height is known at the end.</summary>
    public SvgCanvas(double width)
    {
        Width = width;
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineHandling = NewLineHandling.None });
    }

    /// <summary>In units, of which a page shows one as about a pixel.</summary>
    public double Width { get; }

    /// <summary>Begins an element that holds others.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        _xml.WriteStartElement(name);
        foreach (var (key, value) in attributes)
        {
            if (value is not null) _xml.WriteAttributeString(key, value is double number ? Number(number) : Clean(Convert.ToString(value, CultureInfo.InvariantCulture)!));
        }
    }

    /// <summary>Ends it.</summary>
    public void Close() => _xml.WriteEndElement();

    /// <summary>An element, with words that a pointer over it shows.</summary>
    public void Shape(string name, string? hint, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Open(name, attributes);
        if (hint is not null) _xml.WriteElementString("title", Clean(hint));
        Close();
    }

    /// <summary>Words; y is the base line.</summary>
    public void Text(string text, double x, double y, Ink ink = Ink.Text, Anchor anchor = Anchor.Start, double size = TextSize, bool bold = false, bool upwards = false, bool halo = false)
    {
        // Words over grid lines have a rim of paper.
        Open("text", ("x", x), ("y", y), ("class", halo ? Class(ink) + " rim" : Class(ink)), ("fill", Colour(ink)), ("stroke", halo ? "#ffffff" : null), ("stroke-width", halo ? "3" : null), ("paint-order", halo ? "stroke" : null), ("font-size", size), ("font-weight", bold ? "600" : null),
            ("text-anchor", anchor switch { Anchor.Middle => "middle", Anchor.End => "end", _ => null }),
            ("transform", upwards ? $"rotate(-90 {Number(x)} {Number(y)})" : null));
        _xml.WriteString(Clean(text));
        Close();
    }

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, Ink ink, double width = 1, string? dash = null) =>
        Shape("line", null, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("class", "l" + Class(ink)), ("stroke", Colour(ink)), ("stroke-width", width), ("stroke-dasharray", dash));

    /// <summary>The whole picture.</summary>
    /// <param name="height">What was needed.</param>
    /// <param name="title">For those who hear it instead of seeing it.</param>
    public string Finish(double height, string title)
    {
        _xml.Flush();
        var (w, h) = (Number(Width), Number(Math.Ceiling(height)));
        var head = new StringBuilder();
        using (var xml = XmlWriter.Create(head, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment }))
        {
            xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
            foreach (var (name, value) in new[] { ("viewBox", $"0 0 {w} {h}"), ("width", w), ("height", h), ("role", "img"), ("aria-label", Clean(title)), ("font-family", Fonts) }) xml.WriteAttributeString(name, value);
            xml.WriteStartElement("rect");
            foreach (var (name, value) in new[] { ("class", "paper"), ("width", w), ("height", h), ("fill", "#ffffff") }) xml.WriteAttributeString(name, value);
            xml.WriteEndElement();
            xml.WriteRaw(_text.ToString());
            xml.WriteEndElement();
        }
        return head.ToString();
    }

    /// <summary>Hundredths of a unit are less than anyone sees.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Names come from other people's files and may hold what XML cannot.</summary>
    private static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }

    private static string Class(Ink ink) => ink switch { Ink.Muted => "m", Ink.Grid => "g", Ink.OnLow => "lo", Ink.OnHigh => "hi", _ => "t" };

    private static string Colour(Ink ink) => ink switch { Ink.Muted => "#55585e", Ink.Grid => "#dcdee3", Ink.OnHigh => "#ffffff", Ink.OnLow => "#000000", _ => "#1a1a1a" };
}
