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
        var gradients = autograd.grad([Directional()], inputs);
        Compare(gradients, () => Directional().ToDouble());
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

    private Tensor Directional()
    {
        var gradients = autograd.grad([Loss()], inputs, retain_graph: true, create_graph: true);
        var total = zeros([], dtype: float64);
        foreach (var gradient in gradients)
            total += (gradient * Cosines(gradient.shape)).sum();
        return total;
    }

    private void Compare(IList<Tensor> gradients, Func<double> function)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            var gradient = gradients[i].contiguous().data<double>().ToArray();
            var values = inputs[i].detach().view(-1);
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
