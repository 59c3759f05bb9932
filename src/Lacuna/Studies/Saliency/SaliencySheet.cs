using Lacuna.Data;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Figures;
using Lacuna.Reports;
using static TorchSharp.torch;

namespace Lacuna.Studies.Saliency;

/// <summary>The sheet of pictures: a row an image, first the image itself, then every subject's map laid over what that subject was shown.</summary>
internal sealed class SaliencySheet(StudyContext context, IReadOnlyList<Subject> subjects)
{
    private const string FileName = "grad-cam.png";

    // How much of a pixel is the map's colour: little where the model does not look, so that the image is seen.
    private const double LeastShare = 0.35;
    private const double MostShare = 0.8;

    /// <summary>Writes the sheet into the study's folder.</summary>
    public PicturePanel Write(IReadOnlyList<(SaliencySample Sample, SaliencyMaps[] Maps)> groups)
    {
        var rows = new List<PictureRow>();
        foreach (var (sample, maps) in groups)
        {
            foreach (var place in sample.Shown) rows.Add(Row(sample, maps, place, place == sample.Shown[0]));
        }
        var canvas = PictureTable.Draw(["image and label", .. subjects.Select(subject => subject.Name)], rows, "1 = the map's largest value");
        canvas.Save(Path.Combine(context.Folder, FileName));
        var words = groups.SelectMany(group => group.Sample.Shown.Select(place => $"{group.Sample.Name} image {group.Sample.Rows[place]}: "
            + string.Join(", ", group.Maps.Select(maps => $"{maps.Subject} {VerdictOf(group.Sample, maps, place).Text}"))));
        return new("Grad-CAM sheet", FileName, $"One image a row, one model a column. {string.Join("; ", words)}.", canvas.Width, canvas.Height);
    }

    private PictureRow Row(SaliencySample sample, SaliencyMaps[] maps, int place, bool first)
    {
        using var scope = NewDisposeScope();
        var set = context.Train;
        var row = sample.Rows[place];
        using var batch = new BatchSource(set, [row], context.Compute).All();
        var name = set.ClassNames[set.Labels.Span[row]];
        var cells = new List<PictureCell> { new(Picture(batch.Images), [(name, Rgb.Ink)]) };
        for (var s = 0; s < subjects.Count; s++)
        {
            var picture = Overlaid(Picture(subjects[s].Shown(batch.Images, context.Compute.Kernels)), maps[s].Maps[place], set.Height, set.Width);
            cells.Add(new(picture, [(set.ClassNames[maps[s].Predicted[place]], Rgb.Ink), VerdictOf(sample, maps[s], place)]));
        }
        return new([sample.Name, FormattableString.Invariant($"image {row}")], cells, first);
    }

    private Thumbnail Picture(Tensor images) =>
        Thumbnail.Of(images.cpu().contiguous().data<float>().ToArray(), context.Train.Channels, context.Train.Height, context.Train.Width);

    /// <summary>What a right or wrong prediction means for an image of this sample, in the colour of whether unlearning wants it.</summary>
    internal (string Text, Rgb Colour) VerdictOf(SaliencySample sample, SaliencyMaps maps, int place)
    {
        var right = maps.Predicted[place] == context.Train.Labels.Span[sample.Rows[place]];
        return (sample.Name, right) switch
        {
            ("forget", true) => ("still known", Rgb.Bad),
            ("forget", false) => ("forgotten", Rgb.Good),
            (_, true) => ("kept", Rgb.Good),
            (_, false) => ("lost", Rgb.Bad),
        };
    }

    /// <summary>Lays a map [H, W], divided by its largest value, over an enlarged picture.</summary>
    internal static Thumbnail Overlaid(Thumbnail picture, float[] map, int height, int width)
    {
        var largest = map.Max();
        var pixels = new byte[picture.Pixels.Length];
        Span<byte> colour = stackalloc byte[3];
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var taps = new BilinearTaps(height, width, (y + 0.5) * height / picture.Height - 0.5, (x + 0.5) * width / picture.Width - 0.5, Border.Reflect);
                var value = largest > 0 ? taps.Of(map) / largest : 0;
                HeatColours.Of(value).CopyTo(colour);
                var share = LeastShare + (MostShare - LeastShare) * value;
                var at = (y * picture.Width + x) * 3;
                // Grey below, so that every hue on the sheet is the map's.
                var grey = 0.299 * picture.Pixels[at] + 0.587 * picture.Pixels[at + 1] + 0.114 * picture.Pixels[at + 2];
                for (var c = 0; c < 3; c++) pixels[at + c] = (byte)Math.Round(share * colour[c] + (1 - share) * grey);
            }
        }
        return picture with { Pixels = pixels };
    }
}
