using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Numerics;
using Lacuna.Reports;
using static TorchSharp.torch;

namespace Lacuna.Studies.Robustness;

/// <summary>A few images under every shift, so that a reader sees what the shifts do.</summary>
internal static class ShiftPictures
{
    private const string FileName = "robustness-shifts.png";

    /// <summary>Writes the picture into the study's folder.</summary>
    public static PicturePanel Write(StudyContext context, IReadOnlyList<Shift> shifts, int count, CancellationToken cancellation)
    {
        var canvas = PictureTable.Draw([.. shifts.Select(shift => shift.Name)], [.. Chosen(context, count).Select(image => Row(context, shifts, image, cancellation))]);
        canvas.Save(Path.Combine(context.Folder, FileName));
        var whose = shifts.Any(shift => !shift.SameForAll) ? " White-box attacks are shown as they are against the original." : "";
        return new("What the shifts do", FileName, $"{count} images, one a row, under each shift, one a column: {string.Join("; ", shifts.Select(shift => shift.Name))}.{whose}", canvas.Width, canvas.Height);
    }

    /// <summary>Forget, retain and test images in turn, each drawn by chance.</summary>
    private static IEnumerable<(string Kind, ImageSet Set, int Row, int Part)> Chosen(StudyContext context, int count)
    {
        (string Kind, ImageSet Set, int[] Rows, int Part)[] kinds =
        [
            ("forget", context.Train, context.Split.Forget.ToArray(), Shift.TrainPart),
            ("retain", context.Train, context.Split.Retain.ToArray(), Shift.TrainPart),
            ("test", context.Test, context.Split.DivideTest(context.Test).Retain, Shift.TestPart),
        ];
        for (var i = 0; i < count; i++)
        {
            var kind = kinds[i % kinds.Length];
            yield return (kind.Kind, kind.Set, kind.Rows[context.Draws.Below(kind.Rows.Length, DrawPurpose.RobustnessSample, 1, i)], kind.Part);
        }
    }

    private static PictureRow Row(StudyContext context, IReadOnlyList<Shift> shifts, (string Kind, ImageSet Set, int Row, int Part) image, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var batch = new BatchSource(image.Set, [image.Row], context.Compute).All();
        var cells = shifts.Select(shift =>
        {
            var pixels = shift.Of(batch, image.Part, context.Original, cancellation).cpu().contiguous().data<float>().ToArray();
            return new PictureCell(Thumbnail.Of(pixels, image.Set.Channels, image.Set.Height, image.Set.Width), []);
        });
        return new([image.Kind, image.Set.ClassNames[image.Set.Labels.Span[image.Row]], FormattableString.Invariant($"image {image.Row}")], [.. cells]);
    }
}
