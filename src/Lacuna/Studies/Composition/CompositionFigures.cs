using System.Globalization;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Studies.Composition;

/// <summary>The figures and files of a <see cref="CompositionStudy"/>.</summary>
/// <param name="Context">What was studied.</param>
/// <param name="Split">The unseen forget set.</param>
/// <param name="Plane">The two classes.</param>
/// <param name="Vectors">One a class.</param>
/// <param name="Rows">Original, oracle, direct vector, both compositions.</param>
/// <param name="All">Coefficients of all vectors.</param>
/// <param name="Pair">Coefficients of the two.</param>
/// <param name="Map">The plane.</param>
/// <param name="Sample">Retain images it was looked at on.</param>
internal sealed record CompositionFigures(StudyContext Context, ForgetSplit Split, IReadOnlyList<int> Plane, IReadOnlyList<ClassVector> Vectors,
    IReadOnlyList<CompositionRow> Rows, IReadOnlyList<double> All, IReadOnlyList<double> Pair, CompositionPlane Map, int Sample)
{
    private const string Source = "Sun et al. 2024 (arXiv 2412.16780), compositional unlearning";

    private string Forgotten => $"{Split.Forget.Length} training images, {Split.Spec} ({NameOf(Plane[0])}, {NameOf(Plane[1])})";

    public IReadOnlyList<Figure> Make()
    {
        WriteFiles();
        return [Composition(), Grid()];
    }

    private Figure Composition()
    {
        var oracle = Rows.FirstOrDefault(row => row.Name == ResultTable.Oracle);
        string[] names = [.. Rows.Select(row => row.Name)];
        return new("composition", "A forget set composed of class vectors",
            $"A forget vector was trained for each of {Vectors.Count} classes. Then {Forgotten}, were to be forgotten, which no vector was trained for: by coefficients for all vectors (compose), "
            + "for the two classes' alone (compose (two)), by a vector trained for these images with the same effort as a class vector (forget-vector), and by training anew without them (retrain). "
            + "All in percent; as close to retrain as possible is best, not as high as possible.",
            Source,
            [
                new BarPanel("The unseen forget set", ["UA", "RA", "TA", "MIA"], new Axis("percent", Minimum: 0, Maximum: 100),
                    [.. Rows.Select(row => new BarSeries(row.Name, [row.Metrics.UnlearningAccuracy, row.Metrics.RetainAccuracy, row.Metrics.TestAccuracy, row.Metrics.MembershipEfficacy]))]),
                new TablePanel("The unseen forget set", ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap"],
                [
                    .. Rows.Select(row => (string[])
                    [
                        row.Name, Two(row.Metrics.UnlearningAccuracy), Two(row.Metrics.RetainAccuracy), Two(row.Metrics.TestAccuracy), Two(row.Metrics.MembershipEfficacy),
                        oracle is null ? "" : Two(row.Metrics.AverageGapTo(oracle.Metrics)),
                    ]),
                ]),
                new TablePanel("The class vectors and their coefficients", ["Class", "UA of the class %", "RA %", "TA %", "Norm", "w, all vectors", "w, two vectors"],
                [
                    .. Vectors.Select((vector, k) => (string[])
                    [
                        NameOf(vector.Label), Two(vector.UnlearningAccuracy), Two(vector.RetainAccuracy), Two(vector.TestAccuracy), Two(vector.Norm), Three(All[k]),
                        PlaceInPlane(vector.Label) is { } place ? Three(Pair[place]) : "",
                    ]),
                ]),
            ]);
    }

    private Figure Grid()
    {
        (string, string) names = ($"the vector of {NameOf(Plane[0])}", $"the vector of {NameOf(Plane[1])}");
        var chosen = (Pair[0], Pair[1]);
        var marked = Map.Panel("", Map.Loss, "", names, chosen).Chosen is null
            ? string.Create(CultureInfo.InvariantCulture, $"The coefficients found with these two vectors ({Pair[0]:0.00}, {Pair[1]:0.00}) lie outside; ask for a longer reach to see them.")
            : "The mark is where the coefficients of these two vectors ended.";
        return new("composition-grid", "The plane of two coefficients",
            $"Every cell adds w1 times the vector of {NameOf(Plane[0])} plus w2 times that of {NameOf(Plane[1])} to each image. UA is over all of the {Forgotten}; RA over {Sample} retain images drawn by the seed. "
            + $"The loss is the one that is descended when coefficients are found, over the same images. {marked} (1, 0) and (0, 1) are the class vectors themselves, (0, 0) is the original.",
            Source,
            [
                Map.Panel("Unlearning accuracy", Map.Unlearning, "UA (%)", names, chosen),
                Map.Panel("Retain accuracy", Map.Retain, "RA (%)", names, chosen),
                Map.Panel("Loss of the coefficients", Map.Loss, "loss", names, chosen),
            ]);
    }

    private void WriteFiles()
    {
        StudyTable.Write(Path.Combine(Context.Folder, "composition-grid.csv"), ["w1", "w2", "unlearning_accuracy", "retain_accuracy", "loss"],
            from r in Enumerable.Range(0, Map.Axis.Count)
            from c in Enumerable.Range(0, Map.Axis.Count)
            select (object?[])[Map.Axis[c], Map.Axis[r], Map.Unlearning[r][c], Map.Retain[r][c], Map.Loss[r][c]]);
        StudyTable.Write(Path.Combine(Context.Folder, "composition-vectors.csv"),
            ["class", "name", "unlearning_accuracy", "retain_accuracy", "test_accuracy", "norm", "coefficient_all", "coefficient_two"],
            Vectors.Select((v, k) => (object?[])
                [v.Label, NameOf(v.Label), v.UnlearningAccuracy, v.RetainAccuracy, v.TestAccuracy, v.Norm, All[k], PlaceInPlane(v.Label) is { } place ? Pair[place] : null]));
    }

    private int? PlaceInPlane(int label) => label == Plane[0] ? 0 : label == Plane[1] ? 1 : null;

    private string NameOf(int label) => Context.Train.ClassNames[label];

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
