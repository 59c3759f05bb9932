using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Tests.Methods;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models;

/// <summary>Logits and input gradients against PyTorch 1.13 in float64; the numbers were printed by make_forward_golden.py.</summary>
public sealed class ForwardGoldenTests
{
    // Fourteen digits were printed, and sums over up to 4608 products may be taken in another order.
    private const double Tolerance = 1e-11;

    private static readonly double[,] Weights = { { 1, -2, 0.5 }, { 0.25, 1, -1 } };

    public static TheoryData<string, int, double[], double[], double> PyTorch => new()
    {
        {
            "cnn-s", 1,
            [-0.52943195317925, -0.35836679970315, -0.30558363336772, -0.17048771137715, 0.0040654771521305, -0.25268844464167],
            [-0.16734566167441, 0.36851258523273, -0.08168523210187, -0.060470646587395],
            4.6984665310253
        },
        {
            "resnet32", 3,
            [1.3149012925116, -1.7598010958684, -0.27895547023407, 1.0004423394278, -1.6284788802873, 0.53377783879987],
            [-0.025716255657672, 0.0077437110608922, -0.43907074366826, -0.28703445255847, 0.84844961693954, 0.12514879036804,
                0.019009512569193, 0.20610617411656, 0.027352560805751, 0.35573038679334, 0.19347147892255],
            17.930419275235
        },
        {
            "resnet18", 3,
            [0.21005908442487, -0.58834218588023, -0.65686956506782, 0.068155737410285, 0.031562472869973, -0.76105411838078],
            [1.1823914460156, 0.14575992736865, -0.12208151162161, -0.032140699830605, 0.10788462257678, 0.11965843356603,
                0.055606349711079, -0.030855694305742, 0.10902273505691, 0.1472431989702, -0.13363713490238],
            11.44430814014
        },
    };

    [Theory]
    [MemberData(nameof(PyTorch))]
    public void LogitsAndInputGradientsArePyTorchs(string architecture, int channels, double[] logits, double[] everyThirtySeventh, double squared)
    {
        using var scope = NewDisposeScope();
        using var model = Formula.Double(architecture, new(3, channels, 8, 8, Normalisation.Default(channels)));
        using var frozen = new FrozenWeights(model);
        var images = Formula.Values(99, 2, channels, 8, 8);

        Tiny.Near(logits, model.call(images), Tolerance);
        var gradient = InputGradients.Of(model, images, z => z * tensor(Weights));
        Tiny.Near(everyThirtySeventh, gradient.flatten().slice(0, 0, gradient.numel(), 37), Tolerance);
        Assert.Equal(squared, Tiny.Numbers(gradient).Sum(g => g * g), 1e-10);
    }
}
