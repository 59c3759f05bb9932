using Lacuna.Evaluation;
using Lacuna.Models;
using Lacuna.Tests.Methods;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation;

public sealed class GradCamTests
{
    /// <summary>
    /// A linear head on two channels of two pixels: the gradient is the row of weights, so channel 0 weighs (1 + 3) / 2 = 2 and
    /// channel 1 weighs (-2 - 4) / 2 = -3 for class 0; for class 1 they weigh -1 and 0.5.
    /// </summary>
    [Fact]
    public void ByHand()
    {
        using var scope = NewDisposeScope();
        using var model = new LinearClassifier(new double[,] { { 1, 3, -2, -4 }, { -1, -1, 0, 1 } }, 2, 1, 2);
        var images = tensor(new double[] { 0.6, 0.1, 0.2, 0.3, 0.6, 0.1, 0.2, 0.3 }, [2, 2, 1, 2]);
        var maps = GradCam.Of(model, images, tensor(new long[] { 0, 1 }));
        Assert.Equal([2, 1, 2], maps.shape);
        Near([2 * 0.6 - 3 * 0.2, 0, 0, 0.5 * 0.3 - 0.1], maps, 1e-14);
    }

    /// <summary>cnn-s in float64: the channels' weights by differences of the logit along whole channels of the last stage.</summary>
    [Fact]
    public void ChannelWeightsAreSlopesOfTheLogit()
    {
        using var scope = NewDisposeScope();
        using var model = Formula.Double("cnn-s", Grey(3));
        model.train();
        var before = Fingerprint(model);
        var images = Formula.Values(9, 1, 1, 8, 8);
        var map = GradCam.Of(model, images, tensor(new long[] { 2 }));
        Assert.Equal(before, Fingerprint(model));

        model.eval();
        var features = model.Features(images).detach();
        var pixels = features.size(2) * features.size(3);
        var sum = zeros([pixels], dtype: float64);
        for (var channel = 0; channel < features.size(1); channel++)
        {
            // The sum of a channel's gradients is the slope along adding a constant to it.
            double Beside(double by)
            {
                var moved = features.clone();
                moved[0, channel].add_(by);
                return model.Head(moved)[0, 2].ToDouble();
            }
            sum += features[0, channel].flatten() * ((Beside(1e-6) - Beside(-1e-6)) / 2e-6 / pixels);
        }
        // Rounding of a logit near 1 over a step of 1e-6.
        Near(Numbers(sum.relu()), map.flatten(), 1e-8);
        Assert.True(Numbers(map).Max() > 0);
    }
}
