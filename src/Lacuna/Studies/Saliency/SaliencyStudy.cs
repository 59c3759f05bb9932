using Lacuna.Figures;
using Lacuna.Models;

namespace Lacuna.Studies.Saliency;

/// <summary>Where models look: Grad-CAM maps of forget and retain images as a sheet of pictures, and how alike the maps of different models are.</summary>
public sealed class SaliencyStudy : IStudy
{
    private readonly SaliencyOptions _options;

    /// <param name="options">Validated here.</param>
    public SaliencyStudy(SaliencyOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "grad-cam";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Split.Forget.Length < 2 || context.Split.Retain.Length < 2) return "Saliency is compared over at least two forget and two retain images. Choose other forget images.";
        if (context.Train.Channels is not (1 or 3)) return $"Images with {context.Train.Channels} channels are no pictures; 1 or 3 are.";
        return SubjectsOf(context).Any() ? null : "Grad-CAM needs a network whose last convolutional stage is known. TorchScript files have none: convert the weights to a network that 'lacuna models' lists.";
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var subjects = SubjectsOf(context).ToArray();
        var (forget, retain) = SaliencySample.Draw(context, _options);
        var (done, total) = (0, 2 * subjects.Length);
        SaliencyMaps[] MapsOf(SaliencySample sample) =>
        [
            .. subjects.Select(subject =>
            {
                var maps = SaliencyMaps.Of(subject, context.Train, sample.Rows, _options, context.Compute, cancellation);
                context.Progress.Report(new(Name, ++done, total, subject.Name));
                return maps;
            }),
        ];
        (SaliencySample Sample, SaliencyMaps[] Maps)[] groups = [(forget, MapsOf(forget)), (retain, MapsOf(retain))];
        var sheet = new SaliencySheet(context, subjects).Write(groups);
        SaliencyCsv.Write(context, groups);
        return [new SaliencyFigure(context, _options, groups).Of(sheet)];
    }

    private static IEnumerable<Subject> SubjectsOf(StudyContext context) => context.Subjects.Where(subject => subject.Model is StagedClassifier);
}
