using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Core;

/// <summary>
/// First and second derivatives of a small residual network in float64 against central differences: the first of the
/// loss, the second of s = gradient . direction, all with respect to the image and to every weight.
/// </summary>
public sealed class DoubleBackwardTests : IDisposable
{
    private const double Step = 1e-5;

    // Central differences: error of order Step^2 times third derivatives, plus rounding of order 1e-16 / Step.
    private const double Tolerance = 1e-7;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor[] inputs;
    private readonly Tensor target = tensor(new long[] { 2, 0 });

    public DoubleBackwardTests()
    {
        inputs =
        [
            Sines(2, 2, 6, 6),              // images
            Cosines(4, 2, 3, 3).mul(0.3),   // first convolution
            Sines(4).mul(0.1),              // its bias
            Cosines(4).add(1.5),            // batch norm's weight
            Sines(4),                       // and bias
            Sines(4, 4, 3, 3).mul(0.2),     // second convolution
            Cosines(3, 4).mul(0.5),         // linear layer
            Sines(3).mul(0.2),              // its bias
        ];
        foreach (var input in inputs)
            input.requires_grad = true;
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void GradientsAgreeWithDifferences()
    {
        var gradients = autograd.grad([Loss()], inputs);
        Compare(gradients, () => Loss().ToDouble());
    }

    [Fact]
    public void SecondDerivativesAgreeWithDifferences()
    {
        var gradients = autograd.grad([Directional(Loss(), inputs)], inputs);
        Compare(gradients, () => Directional(Loss(), inputs).ToDouble());
    }

    /// <summary>What Vision Transformers and MobileNets are made of besides: attention, layer norm, the exact GELU, ReLU6, a convolution channel by channel.</summary>
    [Fact]
    public void SecondDerivativesOfAttentionAndDepthwiseConvolutionsAgreeWithDifferences()
    {
        Tensor[] leaves =
        [
            Sines(2, 4, 3, 3),              // images
            Cosines(4, 1, 3, 3).mul(0.3),   // a filter for each channel
            Cosines(12, 4).mul(0.4),        // queries, keys and values
            Sines(12).mul(0.2),             // and their bias
            Cosines(4).add(1.5),            // layer norm's weight
            Sines(4).mul(0.3),              // and bias
        ];
        foreach (var leaf in leaves)
            leaf.requires_grad = true;
        Tensor Attention()
        {
            var x = F.relu6(F.conv2d(leaves[0], leaves[1], padding: [1, 1], groups: 4) * 2 + 1);
            // Where ReLU6 cuts all channels off, only this large epsilon keeps the third derivatives, the error of differences, small.
            x = F.layer_norm(x.flatten(2).transpose(1, 2), [4], leaves[4], leaves[5], 0.1);
            var parts = F.linear(x, leaves[2], leaves[3]).reshape(2, 9, 3, 2, 2).permute(2, 0, 3, 1, 4);
            var weights = parts[0].matmul(parts[1].transpose(-2, -1)).softmax(-1);
            return (F.gelu(weights.matmul(parts[2])) * Cosines(2, 2, 9, 2)).sum() * 0.02;
        }

        var gradients = autograd.grad([Directional(Attention(), leaves)], leaves);

        Compare(gradients, () => Directional(Attention(), leaves).ToDouble(), leaves);
    }

    private Tensor Loss()
    {
        var x = F.conv2d(inputs[0], inputs[1], inputs[2], padding: [1, 1]);
        x = F.batch_norm(x, Sines(4).mul(0.1), Cosines(4).mul(0.2).add(1), inputs[3], inputs[4], training: false);
        var pooled = F.max_pool2d(F.relu(x), 2);
        x = F.conv2d(pooled, inputs[5], padding: [1, 1]) + pooled;
        x = F.avg_pool2d(x, 3).flatten(1);
        return F.cross_entropy(F.linear(x, inputs[6], inputs[7]), target);
    }

    private static Tensor Directional(Tensor loss, Tensor[] inputs)
    {
        var gradients = autograd.grad([loss], inputs, retain_graph: true, create_graph: true);
        var total = zeros([], dtype: float64);
        foreach (var gradient in gradients)
            total += (gradient * Cosines(gradient.shape)).sum();
        return total;
    }

    private void Compare(IList<Tensor> gradients, Func<double> function, Tensor[]? by = null)
    {
        by ??= inputs;
        for (int i = 0; i < by.Length; i++)
        {
            var gradient = gradients[i].contiguous().data<double>().ToArray();
            var values = by[i].detach().view(-1);
            for (int at = 0; at < gradient.Length; at += 3)
            {
                using var step = NewDisposeScope();
                double here = values[at].ToDouble();
                values[at] = here + Step;
                double above = function();
                values[at] = here - Step;
                double below = function();
                values[at] = here;
                Assert.True(Math.Abs((above - below) / (2 * Step) - gradient[at]) < Tolerance,
                    $"input {i}, element {at}: {gradient[at]:R}, by differences {(above - below) / (2 * Step):R}");
            }
        }
    }
}
