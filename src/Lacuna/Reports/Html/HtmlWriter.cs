using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lacuna.Reports.Html;

/// <summary>Writes HTML from interpolated strings: what stands in braces is escaped, unless it says that it is HTML. So no name from a file can become markup by being forgotten.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends a piece.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] ref Piece piece)
    {
    }

    /// <summary>All of it.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>What the compiler makes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Piece(int literalLength, int formattedCount, HtmlWriter writer)
    {
        private readonly StringBuilder _to = writer._text;

        public int Length => literalLength + formattedCount;

        public void AppendLiteral(string literal) => _to.Append(literal);

        public void AppendFormatted(string? text) => _to.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(RawHtml html) => _to.Append(html.Text);

        public void AppendFormatted(int number) => _to.Append(number.ToString(CultureInfo.InvariantCulture));
    }
}
