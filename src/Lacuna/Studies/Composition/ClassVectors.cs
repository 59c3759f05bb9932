using System.Globalization;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Runs;

namespace Lacuna.Studies.Composition;

/// <summary>Trains a forget vector a class, measures it, and writes it as "class-vectors/class-N.safetensors", which 'unlearn compose' takes.</summary>
internal sealed class ClassVectors(StudyContext context, Classifier original, ForgetVectorOptions options, CancellationToken cancellation)
{
    public IReadOnlyList<ClassVector> Train(IReadOnlyList<int> classes)
    {
        var folder = Path.Combine(context.Folder, "class-vectors");
        Directory.CreateDirectory(folder);
        return [.. classes.Select(label => TrainOne(label, folder))];
    }

    private ClassVector TrainOne(int label, string folder)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"class:{label}");
        var split = ForgetSetSpec.Parse(words).Split(context.Train, context.Draws);
        var method = new ForgetVectorMethod(options);
        using var outcome = method.Run(original, new(context.Train, split, context.Draws, context.Compute, new StageProgress($"vector of {words}", context.Progress)), cancellation);
        var provenance = new Dictionary<string, string>
        {
            ["method"] = method.Name,
            ["options"] = JsonSerializer.Serialize(options, RunJson.Compact),
            ["forget"] = words,
            ["seed"] = context.Draws.Seed.ToString(CultureInfo.InvariantCulture),
            ["data"] = $"{split.SetName} {split.SetHash}",
            ["architecture"] = original.Architecture,
        };
        if (NetworkHash.Of(original) is { } network) provenance["network"] = network;
        ForgetVectorFile.Save(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"class-{label}.safetensors")), outcome.ForgetVector!, provenance);

        var predictor = new Predictor(outcome.Model, outcome.ForgetVector, context.Compute);
        using var norm = outcome.ForgetVector!.norm();
        return new(label, StoredForgetVector.Of(words, outcome.ForgetVector!, original),
            100 - predictor.Of(context.Train, split.Forget, cancellation).AccuracyPercent,
            predictor.Of(context.Train, split.Retain, cancellation).AccuracyPercent,
            predictor.Of(context.Test, split.DivideTest(context.Test).Retain, cancellation).AccuracyPercent,
            norm.item<float>());
    }
}
