using System.Globalization;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Studies.Saliency;

/// <summary>Makes the figure: the sheet, and how alike the maps are over the whole sample.</summary>
internal sealed class SaliencyFigure(StudyContext context, SaliencyOptions options, IReadOnlyList<(SaliencySample Sample, SaliencyMaps[] Maps)> groups)
{
    /// <param name="sheet">The pictures.</param>
    public Figure Of(PicturePanel sheet)
    {
        List<Panel> panels = [sheet];
        foreach (var (reference, title) in new[] { (ResultTable.Oracle, "Likeness to the retrained network's maps"), (Subject.Original, "Likeness to the original's maps") })
        {
            if (Find(0, reference) is not null && groups[0].Maps.Length > 1) panels.Add(Bars(reference, title));
        }
        panels.Add(Table());
        return new("grad-cam", "Where the models look", Caption(), "Sun et al. 2024 (arXiv 2412.16780), the Grad-CAM figure; Selvaraju et al. 2017, eq. 1 and 2.", panels);
    }

    private SaliencyMaps? Find(int group, string name) => groups[group].Maps.FirstOrDefault(maps => maps.Subject == name);

    private BarPanel Bars(string reference, string title)
    {
        var series = groups[0].Maps.Select(maps => maps.Subject).Where(name => name != reference).Select(name =>
        {
            var bars = groups.SelectMany((_, g) =>
            {
                var (of, with) = (Find(g, name)!, Find(g, reference)!);
                return new[] { MapAgreement.Summary(MapAgreement.OfSameImages(of.Maps, with.Maps)), MapAgreement.Summary(MapAgreement.OfOtherImages(of.Maps, with.Maps)) };
            }).ToArray();
            return new BarSeries(name, [.. bars.Select(bar => bar.Mean)], [.. bars.Select(bar => bar.Low)], [.. bars.Select(bar => bar.High)]);
        });
        string[] categories = [.. groups.SelectMany(group => new[] { $"{group.Sample.Name} images", $"{group.Sample.Name}, other image" })];
        return new(title, categories, new Axis("mean correlation of maps"), [.. series]);
    }

    private TablePanel Table()
    {
        var rows = new List<IReadOnlyList<string>>();
        for (var g = 0; g < groups.Count; g++)
        {
            var (sample, all) = groups[g];
            foreach (var maps in all)
            {
                var right = sample.Rows.Where((row, i) => maps.Predicted[i] == context.Train.Labels.Span[row]).Count();
                var empty = maps.Maps.Count(map => map.All(value => value == 0));
                rows.Add([sample.Name, maps.Subject, Number(100.0 * right / sample.Rows.Length, "0.0"), Number(100.0 * empty / sample.Rows.Length, "0.0"), .. Likeness(maps, Find(g, ResultTable.Oracle)), .. Likeness(maps, Find(g, Subject.Original))]);
            }
        }
        return new("All numbers",
            ["images", "model", "predicted right (%)", "empty maps (%)", "correlation with retrain", "the same, other image", "correlation with original", "the same, other image"], rows);
    }

    private static string[] Likeness(SaliencyMaps maps, SaliencyMaps? reference) =>
        reference is null || reference == maps ? ["", ""]
        : [Number(MapAgreement.Summary(MapAgreement.OfSameImages(maps.Maps, reference.Maps)).Mean, "0.00"), Number(MapAgreement.Summary(MapAgreement.OfOtherImages(maps.Maps, reference.Maps)).Mean, "0.00")];

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);

    private string Caption()
    {
        var classWords = options.ExplainedClass == ExplainedClass.Label ? "the image's label" : "the class that the model predicts, which is named below the map";
        List<string> sentences =
        [
            $"Grad-CAM at the last stage for {classWords}: the paper's layer, class and images are not known.",
            "Each map is divided by its own largest value and laid over what the model was shown, which for a forget vector is the image with the vector added; an evenly dark one is empty.",
            "Below a map: the prediction, and for a forget image 'still known' (right) or 'forgotten' (wrong), for a retain image 'kept' (right) or 'lost' (wrong).",
            $"Likeness: Pearson's correlation over the pixels of two models' maps of the same image, the mean over {groups[0].Sample.Rows.Length} forget and {groups[1].Sample.Rows.Length} retain images of {context.Train.Name} with its 95 % interval; pairs with an empty or constant map are left out.",
            "'Other image' compares with the other model's map of another image of the same set: what is alike by chance.",
        ];
        if (context.Subjects.Any(subject => subject.Model is not Models.StagedClassifier)) sentences.Add("Models whose stages are not known (TorchScript) are left out.");
        return string.Join(" ", sentences);
    }
}
