using System.Security.Cryptography;
using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Small pieces that the tests of the methods share: 8x8 grey images of three classes and a network that knows them.</summary>
internal static class Tiny
{
    public const int Classes = 3;

    /// <summary>Learns the bands in a dozen steps.</summary>
    public static TrainingOptions Recipe { get; } = new() { Epochs = 4, BatchSize = 12, LearningRate = 0.05 };

    private static readonly Lazy<Classifier> trained = new(() =>
    {
        var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 3);
        Trainer.Train(model, Bands(12), Enumerable.Range(0, 36).ToArray(), Recipe, new DrawSource(3), CPU, new Log(), CancellationToken.None);
        return model;
    });

    /// <summary>Options for square grey images.</summary>
    public static ModelOptions Grey(int classes, int side = 8) => new(classes, 1, side, side, new([0.25f], [0.5f]));

    /// <summary>Images whose class is where a bright band lies: rows 0 and 1, 3 and 4, or 6 and 7; labels go 0, 1, 2, 0, ...</summary>
    public static ImageSet Bands(int perClass)
    {
        var count = perClass * Classes;
        var pixels = new byte[count * 64];
        var labels = new int[count];
        for (var n = 0; n < count; n++)
        {
            labels[n] = n % Classes;
            for (var i = 0; i < 64; i++)
            {
                var inBand = i / 8 - 3 * labels[n] is 0 or 1;
                pixels[n * 64 + i] = (byte)((inBand ? 150 : 20) + (n * 37 + i * 11 + n * i * 5) % 90);
            }
        }
        return new("bands", pixels, labels, 1, 8, 8, ["top", "middle", "bottom"]);
    }

    /// <summary>A copy of a network trained on Bands(12), for the caller to keep.</summary>
    public static Classifier Trained() => ModelZoo.Clone(trained.Value);

    /// <summary>A task on Bands(12).</summary>
    public static UnlearningTask Task(int[] forget, IProgress<MethodProgress>? progress = null, ImageSet? set = null, ulong seed = 5)
    {
        set ??= Bands(12);
        return new(set, new ForgetSplit("rows", seed, set.Name, set.ContentHash, set.Count, forget, ForgottenClasses.None), new DrawSource(seed), CPU, progress ?? new Log());
    }

    /// <summary>Hash of every weight and buffer, of what asks for gradients, and of the mode.</summary>
    public static string Fingerprint(Classifier model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in model.state_dict())
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(value.detach().contiguous().bytes.ToArray());
        }
        foreach (var (_, parameter) in model.TrainableParameters()) hash.AppendData([(byte)(parameter.requires_grad ? 1 : 0)]);
        hash.AppendData([(byte)(model.training ? 1 : 0)]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The elements in row-major order, widened.</summary>
    public static double[] Numbers(Tensor tensor) => tensor.detach().to(float64).contiguous().data<double>().ToArray();

    /// <summary>Every element within <paramref name="tolerance"/>, absolute.</summary>
    public static void Near(IReadOnlyList<double> expected, Tensor actual, double tolerance)
    {
        var values = Numbers(actual);
        Assert.Equal(expected.Count, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance, $"element {i}: {values[i]:R} instead of {expected[i]:R}");
    }

    /// <summary>Keeps what is reported; runs <paramref name="onFirst"/> at the first report.</summary>
    public sealed class Log(Action? onFirst = null) : IProgress<MethodProgress>
    {
        public List<MethodProgress> Reports { get; } = [];

        public void Report(MethodProgress value)
        {
            Reports.Add(value);
            if (Reports.Count == 1) onFirst?.Invoke();
        }
    }
}
