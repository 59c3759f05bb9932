using Lacuna.Kernels;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>
/// Gradients of the methods against central differences of their losses, float64. The functions are piecewise smooth;
/// the step is so short that no ReLU and no maximum changes sides within it for these weights and images.
/// </summary>
public sealed class GradientCheckTests : IDisposable
{
    private static readonly ModelOptions Grey = new(3, 1, 8, 8, new([0.25f], [0.5f]));
    private static readonly ModelOptions Colour = new(3, 3, 8, 8, Normalisation.ImageNet);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// Differences over 2e-6 of a loss near 1: rounding of 1e-16 / 1e-6 = 1e-10, times the depth of the sums;
    /// the third derivative adds 1e-12. 1e-7 of the largest entry leaves both two orders.
    /// </summary>
    [Theory]
    [InlineData("cnn-s", ForgetVectorPenalty.Reference)]
    [InlineData("cnn-s", ForgetVectorPenalty.Squared)]
    [InlineData("resnet20", ForgetVectorPenalty.Reference)]
    [InlineData("resnet20", ForgetVectorPenalty.Squared)]
    public void ForgetVectorsGradientIsThatOfItsLoss(string architecture, ForgetVectorPenalty penalty)
    {
        using var model = Formula.Double(architecture, architecture == "cnn-s" ? Grey : Colour);
        using var frozen = new FrozenWeights(model);
        var channels = model.Options.Channels;
        var images = Formula.Values(1, 5, channels, 8, 8);
        var labels = model.call(images).argmax(1);
        var isForget = tensor(new[] { true, false, true, false, false });
        var delta = (Formula.Values(2, channels, 8, 8) - 0.5) * 0.1;
        var options = new ForgetVectorOptions { Alpha = 0.7, Beta = 3, Lambda = 0.4, Tau = 1, Penalty = penalty };

        var gradient = Tiny.Numbers(ForgetVectorMethod.LossAndGradient(model, images, labels, isForget, delta, options, TensorKernels.Operators).Gradient);
        var largest = gradient.Max(Math.Abs);
        foreach (var pixel in Differences.Some(delta, 20))
        {
            var numerical = Differences.At(delta, pixel, 1e-6,
                () => ForgetVectorMethod.LossAndGradient(model, images, labels, isForget, delta, options, TensorKernels.Operators).Loss.ToDouble());
            AssertNear(numerical, gradient[pixel], 1e-7 * largest, $"pixel {pixel}");
        }
    }

    /// <summary>
    /// Differences over 2e-7 of a loss near 10: rounding of 1e-15 / 1e-7 = 1e-8, times the depth of the sums; 1e-5 of the
    /// tensor's largest entry is above that and below what any wrong factor would make.
    /// </summary>
    [Theory]
    [InlineData("cnn-s")]
    [InlineData("resnet20")]
    public void MuMisGradientIsThatOfItsLoss(string architecture)
    {
        using var model = Formula.Double(architecture, architecture == "cnn-s" ? Grey : Colour with { Height = 4, Width = 4 });
        var images = Formula.Values(3, 2, model.Options.Channels, model.Options.Height, model.Options.Width);
        var (labels, irrelevant) = (tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 0 }));
        using var loss = MuMisLoss.Of(model, images, labels, irrelevant);

        var parameters = model.TrainableParameters();
        for (var i = 0; i < parameters.Count; i++)
        {
            var (name, value) = parameters[i];
            var gradient = loss.Gradients[i] is { } g ? Tiny.Numbers(g) : new double[value.numel()];
            if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                // The input's gradient of a piecewise linear network does not move with a bias.
                Assert.All(gradient, entry => Assert.Equal(0, entry));
                continue;
            }
            var largest = gradient.Max(Math.Abs);
            Assert.True(largest > 0, name);
            foreach (var entry in Differences.Some(value, 5))
            {
                var numerical = Differences.At(value, entry, 1e-7, () => SensitivityGap(model, images, labels, irrelevant));
                AssertNear(numerical, gradient[entry], 1e-5 * Math.Max(largest, 1e-2), $"{name}, entry {entry}");
            }
        }
    }

    /// <summary>The loss itself by differences of the logits, pixel by pixel; tolerance as for the forget vector.</summary>
    [Fact]
    public void MuMisLossIsTheGapOfTheLogitsSlopes()
    {
        using var model = Formula.Double("cnn-s", Grey with { Height = 4, Width = 4 });
        var images = Formula.Values(5, 2, 1, 4, 4);
        long[] labels = [0, 2], irrelevant = [1, 0];
        double target = 0, other = 0;
        for (var pixel = 0; pixel < images.numel(); pixel++)
        {
            var row = pixel / 16;
            target += Math.Pow(Differences.At(images, pixel, 1e-6, () => model.call(images)[row, labels[row]].ToDouble()), 2) / 2;
            other += Math.Pow(Differences.At(images, pixel, 1e-6, () => model.call(images)[row, irrelevant[row]].ToDouble()), 2) / 2;
        }
        using var loss = MuMisLoss.Of(model, images, tensor(labels), tensor(irrelevant));
        Assert.Equal(target, loss.TargetSquared, 1e-7 * target);
        Assert.Equal(other, loss.IrrelevantSquared, 1e-7 * other);
        Assert.Equal(target - other, loss.Loss, 1e-7 * (target + other));
    }

    private static double SensitivityGap(Classifier model, Tensor images, Tensor labels, Tensor irrelevant)
    {
        using var frozen = new FrozenWeights(model);
        double Squared(Tensor classes) => Tiny.Numbers(InputGradients.OfLogit(model, images, classes)).Sum(g => g * g) / images.size(0);
        return Squared(labels) - Squared(irrelevant);
    }

    private static void AssertNear(double numerical, double gradient, double tolerance, string where) =>
        Assert.True(Math.Abs(numerical - gradient) <= tolerance, $"{where}: {gradient:R}, by differences {numerical:R}");
}
