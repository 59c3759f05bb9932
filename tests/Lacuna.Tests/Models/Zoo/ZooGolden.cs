using System.Reflection;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Zoo;

/// <summary>What make_zoo_golden.py wrote, from inside the test assembly.</summary>
internal static class ZooGolden
{
    private static readonly Lazy<CheckpointFile> _file = new(() => CheckpointReader.Read(Stream("zoo.safetensors"), "zoo.safetensors"));

    /// <summary>A tensor by its name, float64.</summary>
    public static Tensor Numbers(string name) => CheckpointTensors.ToTensor(_file.Value.Find(name)!).to(float64);

    /// <summary>Whether there are float64 values.</summary>
    public static bool HasDouble(string name) => _file.Value.Find(name + ".f64.logits") is not null;

    /// <summary>Lines "name size,size" of a state dict.</summary>
    public static string[] Keys(string name)
    {
        using var reader = new StreamReader(Stream(name + ".txt"));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// Eight numbers of a gradient: the largest magnitude, the norm, three projections on vectors without a zero, three elements. In float64, of
    /// pieces, so that a hundred million elements fit.
    /// </summary>
    public static double[] Summary(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var flat = gradient.detach().reshape(-1);
        var count = flat.numel();
        var patterns = stack([.. Enumerable.Range(1, 3).Select(k => Formula.OnePeriod(k) * 2 - 1)], 1);
        var sums = zeros([1, 3], dtype: float64);
        double squares = 0, largest = 0;
        const long piece = 100 * Formula.Period;
        for (long start = 0; start < count; start += piece)
        {
            using var inner = NewDisposeScope();
            var part = flat.narrow(0, start, Math.Min(piece, count - start)).to(float64);
            var (whole, rest) = (part.numel() / Formula.Period, part.numel() % Formula.Period);
            if (whole > 0) sums.add_(part.narrow(0, 0, whole * Formula.Period).reshape(whole, Formula.Period).sum(dim: 0, keepdim: true).matmul(patterns));
            if (rest > 0) sums.add_(part.narrow(0, whole * Formula.Period, rest).unsqueeze(0).matmul(patterns.narrow(0, 0, rest)));
            squares += part.square().sum().ToDouble();
            largest = Math.Max(largest, part.abs().max().ToDouble());
        }
        double Element(long third) => flat[third * (count - 1) / 3].to(float64).ToDouble();
        double[] projections = sums.data<double>().ToArray();
        return [largest, Math.Sqrt(squares), .. projections, Element(0), Element(1), Element(3)];
    }

    private static Stream Stream(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream("Zoo." + name)!;
}
