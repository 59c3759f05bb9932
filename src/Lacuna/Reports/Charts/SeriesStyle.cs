namespace Lacuna.Reports.Charts;

/// <summary>How one name looks in every figure: a colour, and a shape for those who cannot tell the colour or print in grey.</summary>
/// <param name="Index">0 and up; -1 for references such as chance.</param>
internal readonly record struct SeriesStyle(int Index)
{
    /// <summary>How many colours there are before they begin anew with other dashes.</summary>
    public const int Colours = 8;

    private const int Shapes = 6;

    // Five of Okabe and Ito's colours (2008, "Color Universal Design"), those darkened that would not reach a contrast of 3 on white; violet and brown
    // stand in for their sky blue and yellow, which darkened so far are another blue and another amber. report.css has the same ones for dark ground.
    private static readonly string[] OnWhite = ["#1a1a1a", "#0072b2", "#d55e00", "#008f68", "#b8588c", "#b87a00", "#6a4fc4", "#6e4320"];

    /// <summary>What is drawn for names that stand for no model, such as chance.</summary>
    public static SeriesStyle Reference => new(-1);

    /// <summary>Class by which a style sheet gives the colour.</summary>
    public string Class => Index < 0 ? "sr" : FormattableString.Invariant($"s{Index % Colours}");

    /// <summary>The colour on white, for pictures that stand alone.</summary>
    public string Colour => Index < 0 ? "#6b6b6b" : OnWhite[Index % Colours];

    /// <summary>Dash pattern of solid lines: none in the first round of colours.</summary>
    public string? Dash => (Math.Max(0, Index) / Colours % 3) switch { 0 => null, 1 => "9 3", _ => "9 3 2 3" };

    /// <summary>Whether bars are hatched: their colour is another name's as well.</summary>
    public bool Hatched => Index >= Colours;

    /// <summary>A path of about ten units about (x, y); a name with the same colour as another has another shape.</summary>
    public string Marker(double x, double y)
    {
        const double r = 3.6;
        var shape = Index < 0 ? 0 : (Index + Index / Colours) % Shapes;
        return FormattableString.Invariant(shape switch
        {
            0 => (FormattableString)$"M{x - r:0.##} {y:0.##}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z",
            1 => $"M{x - r:0.##} {y - r:0.##}h{2 * r}v{2 * r}h{-2 * r}Z",
            2 => $"M{x:0.##} {y - r - 1:0.##}l{r + 1} {2 * r + 1}h{-2 * r - 2}Z",
            3 => $"M{x:0.##} {y - r - 1:0.##}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}Z",
            4 => $"M{x:0.##} {y + r + 1:0.##}l{r + 1} {-2 * r - 1}h{-2 * r - 2}Z",
            _ => $"M{x - 1.3:0.##} {y - r - 1:0.##}h2.6v3.3h3.3v2.6h-3.3v3.3h-2.6v-3.3h-3.3v-2.6h3.3Z",
        });
    }
}
