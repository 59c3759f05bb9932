using System.Globalization;
using CsvHelper;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Studies.Representation;

/// <summary>Whether a model's layers still hold what its outputs no longer say: linear CKA by layer, and a nearest-neighbour probe of the last one.</summary>
public sealed class RepresentationStudy : IStudy
{
    // Steps of the sample's stream, one a choice.
    private const int ForgetStep = 0, RetainStep = 1, BankStep = 2, ForgottenStep = 3, OtherStep = 4;

    private const string Forget = "forget", Retain = "retain";

    private readonly RepresentationOptions _options;

    /// <param name="options">Validated here.</param>
    public RepresentationStudy(RepresentationOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "representation";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Subjects.FirstOrDefault(subject => subject.Model is not StagedClassifier) is { } closed)
            return $"The layers of {closed.Name} ({closed.Model.Architecture}) cannot be looked at; give a network of the zoo (lacuna models).";
        if (context.Subjects.Select(subject => subject.Model.Architecture).Distinct().Count() > 1)
            return "Layers are compared between networks of one architecture; give models that all come from one original.";
        if (context.Split.Forget.Length < LinearCka.LeastImages || context.Split.Retain.Length < LinearCka.LeastImages)
            return $"Layers are compared over at least {LinearCka.LeastImages} forget and as many retain images; choose a larger forget set.";
        return context.Train.Count < _options.Neighbours ? $"{_options.Neighbours} neighbours need as many training images; ask for fewer." : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var samples = Choose(context);
        var alignments = new List<Alignment>();
        var probes = new List<Probe>();
        Subject?[] references = [context.Original, context.Oracle];
        foreach (var (images, rows) in new[] { (Forget, samples.Forget), (Retain, samples.Retain) })
        {
            foreach (var reference in references.OfType<Subject>())
            {
                using var known = All(reference);
                foreach (var subject in context.Subjects.Where(subject => subject != reference))
                {
                    using var own = All(subject);
                    alignments.AddRange(own.Layers.Select((layer, i) => Align(reference, subject, i + 1, layer, LinearCka.Of(known[layer], own[layer]))));
                }
            }

            LayerFeatures All(Subject subject) => LayerFeatures.Of(subject, context.Train, rows, context.Compute, _options.Places, null, cancellation);
            Alignment Align(Subject with, Subject model, int place, string layer, LinearCka cka) => new(images, with.Name, model.Name, place, layer, cka.Unbiased, cka.Biased);
        }
        for (var i = 0; i < context.Subjects.Count; i++)
        {
            context.Progress.Report(new(Name, i, context.Subjects.Count, context.Subjects[i].Name));
            probes.Add(ProbeOf(context, context.Subjects[i], samples, cancellation));
        }
        context.Progress.Report(new(Name, context.Subjects.Count, context.Subjects.Count, ""));
        WriteCsv(context, "representation-cka.csv", alignments);
        WriteCsv(context, "representation-neighbours.csv", probes);
        return [Draw(context, samples, alignments, probes)];
    }

    private Samples Choose(StudyContext context)
    {
        int[] Some(int most, ReadOnlySpan<int> from, int step)
        {
            var all = from.ToArray();
            return [.. context.Draws.Choose(Math.Min(most, all.Length), all.Length, DrawPurpose.RepresentationSample, step).Select(place => all[place])];
        }
        var (forgotten, other) = context.Split.DivideTest(context.Test);
        return new(
            Some(_options.Images, context.Split.Forget, ForgetStep), Some(_options.Images, context.Split.Retain, RetainStep),
            Some(_options.Bank, Enumerable.Range(0, context.Train.Count).ToArray(), BankStep),
            Some(_options.Queries, forgotten, ForgottenStep), Some(_options.Queries, other, OtherStep));
    }

    private Probe ProbeOf(StudyContext context, Subject subject, Samples samples, CancellationToken cancellation)
    {
        LayerFeatures Last(ImageSet set, int[] rows) => LayerFeatures.Of(subject, set, rows, context.Compute, _options.Places, StagedClassifier.Penultimate, cancellation);
        using var bank = Last(context.Train, samples.Bank);
        using var neighbours = new NearestNeighbours(bank[StagedClassifier.Penultimate], [.. samples.Bank.Select(row => context.Train.Labels.Span[row])], _options.Neighbours);
        double Accuracy(int[] rows)
        {
            if (rows.Length == 0) return double.NaN;
            using var queries = Last(context.Test, rows);
            var predicted = neighbours.Predict(queries[StagedClassifier.Penultimate]);
            return 100.0 * rows.Where((row, i) => predicted[i] == context.Test.Labels.Span[row]).Count() / rows.Length;
        }
        return new(subject.Name, Accuracy(samples.Forgotten), Accuracy(samples.Other));
    }

    private Figure Draw(StudyContext context, Samples samples, IReadOnlyList<Alignment> alignments, IReadOnlyList<Probe> probes)
    {
        var panels = new List<Panel>();
        foreach (var group in alignments.GroupBy(a => (a.Images, a.With)))
        {
            var lines = group.GroupBy(a => a.Model).Select(of => new Line(of.Key, [.. of.Select(a => (double)a.Place)], [.. of.Select(a => a.Unbiased)])).ToArray();
            panels.Add(new LinePanel($"{(group.Key.Images == Forget ? "Forget" : "Retain")} images, against {group.Key.With}", new("layer, from the image to the logits"),
                new("linear CKA, unbiased", Maximum: 1), lines, [.. group.DistinctBy(a => a.Place).Select(a => new Mark(a.Place, a.Layer))]));
        }
        string[] categories = samples.Forgotten.Length == 0 ? ["test images"] : ["test images of what was forgotten", "other test images"];
        panels.Add(new BarPanel($"Nearest neighbours in the {StagedClassifier.Penultimate} layer", categories, new("accuracy (%)", Minimum: 0, Maximum: 100),
            [.. probes.Select(probe => new BarSeries(probe.Model, samples.Forgotten.Length == 0 ? [probe.Other] : [probe.Forgotten, probe.Other]))]));
        var caption = string.Create(CultureInfo.InvariantCulture,
            $"Curves: linear CKA (unbiased) between the same layer of two models, over {samples.Forget.Length} forget and {samples.Retain.Length} retain images; maps of convolutions are averaged to at most {_options.Places} by {_options.Places} places. ")
            + "1 is the same representation but for rotation and scale, 0 an unrelated one. A model that has forgotten lies as far from the original, and as near to the retrained model, as the retrained model itself. "
            + string.Create(CultureInfo.InvariantCulture,
            $"Bars: accuracy of a vote of the {_options.Neighbours} nearest of {samples.Bank.Length} training images, forget images among them with their true labels, by the cosine of what enters the last layer. ")
            + "A bar of what was forgotten above the retrained model's says that the representation still holds it, whatever the outputs say. A forget vector is added to every image.";
        return new("representation", "What the layers still hold", caption, "Linear CKA: Kornblith et al. 2019 (arXiv 1905.00414), unbiased: Nguyen et al. 2021 (arXiv 2010.15327)", panels);
    }

    private static void WriteCsv<T>(StudyContext context, string name, IEnumerable<T> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture)) csv.WriteRecords(rows);
        AtomicFile.WriteAllText(Path.Combine(context.Folder, name), text.ToString());
    }

    private sealed record Samples(int[] Forget, int[] Retain, int[] Bank, int[] Forgotten, int[] Other);

    private sealed record Alignment(string Images, string With, string Model, int Place, string Layer, double Unbiased, double Biased);

    private sealed record Probe(string Model, double Forgotten, double Other);
}
