namespace Lacuna.Figures;

/// <summary>Values over two directions, shown by colour: a heat map, or a prediction matrix with rows for true and columns for predicted classes.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="ColumnLabel">What the columns are.</param>
/// <param name="Columns">Their names or values.</param>
/// <param name="RowLabel">What the rows are.</param>
/// <param name="Rows">Their names or values, from the top.</param>
/// <param name="Values">[row][column]; NaN for none.</param>
/// <param name="ValueLabel">What a value is, with unit.</param>
/// <param name="ShowNumbers">Whether each cell shows its value as a number.</param>
/// <param name="Chosen">Row and column, counted in cells with fractions, of a point to be marked (0, 0 is the middle of the first cell); null for none.</param>
public sealed record GridPanel(
    string Title, string ColumnLabel, IReadOnlyList<string> Columns, string RowLabel, IReadOnlyList<string> Rows,
    IReadOnlyList<IReadOnlyList<double>> Values, string ValueLabel, bool ShowNumbers = false, GridPoint? Chosen = null) : Panel(Title);
