using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Core;

/// <summary>Expected numbers are PyTorch's, for tensors filled with sin(0), sin(1), ... or cos(0), cos(1), ...</summary>
public sealed class FunctionalTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor logits = Sines(3, 4);
    private readonly Tensor ramp = arange(12, dtype: float64).reshape(3, 4) / 5 - 1;
    private readonly Tensor classes = tensor(new long[] { 0, 3, 1 });
    private readonly Tensor images = Sines(2, 2, 3, 3);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void CrossEntropy()
    {
        Equal(1.2574130999, F.cross_entropy(logits, classes));
        Equal(1.28962328466, F.cross_entropy(logits, classes, label_smoothing: 0.1));
        Equal(0.974019200659, F.cross_entropy(logits, classes, weight: tensor(new double[] { 1, 2, 3, 4 })));
        Equal(1.58287941008, F.cross_entropy(logits, classes, ignore_index: 3));
        Equal([1.93930515391, 0.60648047955, 1.22645366625], F.cross_entropy(logits, classes, reduction: nn.Reduction.None));
        Equal(1.59254255986, F.cross_entropy(logits, ramp.softmax(1)));
    }

    [Fact]
    public void OtherLosses()
    {
        Equal(-0.35636836132, F.nll_loss(logits, classes));
        Equal(0.0577075753954, F.kl_div(logits.log_softmax(1), ramp.log_softmax(1)));
        Equal(0.0265504851436, F.kl_div(logits.log_softmax(1), (logits * 2).softmax(1), log_target: false));
        Equal(0.318605821723, F.kl_div(logits.log_softmax(1), (logits * 2).softmax(1), log_target: false, reduction: nn.Reduction.Sum));
        Equal((logits - ramp).square().mean().ToDouble(), F.mse_loss(logits, ramp), Rounding);
        Equal((logits - ramp).abs().sum().ToDouble(), F.l1_loss(logits, ramp, nn.Reduction.Sum), 1e-12);
        Equal(0.71246331272, F.smooth_l1_loss(logits, ramp, beta: 0.5));
        Equal(0.751307693339, F.binary_cross_entropy_with_logits(logits, (ramp > 0).to(float64)));
    }

    [Fact]
    public void Activations()
    {
        Equal([0, 0.673141390029, 0.744172129134, 0.0784785907675], F.gelu(logits[0]));
        Equal([0, 0.587998830131, 0.6481984657, 0.0755304720887], F.silu(logits[0]));
        Equal([0.69314718056, 1.1998975592, 1.24777274603, 0.76619447878], F.softplus(logits[0]));
        var x = tensor(new double[] { -2, 3 });
        Equal([-0.2, 3], F.leaky_relu(x, 0.1), Rounding);
        Equal([0, 3], F.relu(x, inplace: true));
        Equal([0, 3], x);
        x = tensor(new[] { -2, 3, 6.5, -0.5 });
        Equal([0, 3, 6, 0], F.relu6(x));
        Equal([-1, 1, 1, -0.5], F.hardtanh(x));
        Equal([-1, 3, 4, -0.5], F.hardtanh(x, -1, 4));
        Equal([0, 3, 6, 0], F.relu6(x, inplace: true));
        Equal([0, 1, 1, 0], F.hardtanh(x, inplace: true));
        Equal([0, 1, 1, 0], x);
    }

    /// <summary>As PyTorch's ReLU6, and unlike a clamp: at the two kinks the slope is 0.</summary>
    [Fact]
    public void TheSlopeOfRelu6IsZeroAtItsKinks()
    {
        var x = tensor(new[] { -1, 0, 1e-9, 3, 6, 7 }, requires_grad: true);
        F.relu6(x).sum().backward();
        Equal([0, 0, 1, 1, 0, 0], x.grad!);
    }

    [Fact]
    public void Convolutions()
    {
        var kernels = Cosines(3, 2, 2, 2);
        var bias = tensor(new[] { 0.1, 0.2, 0.3 });
        Equal([1.56448570777, -1.10637926765, 1.92213134987, -0.460198405451, -0.529870875705, 0.619480264764,
            -2.22251715868, 1.64380441683, -0.952093233588, 1.38431048224, -0.817178692891, 0.440051222527],
            F.conv2d(images, kernels, bias, strides: [2], padding: [1, 1])[1]);
        Equal([-0.371883868515, 0.301265217915], F.conv2d(images, kernels[..2, ..1], groups: 2, dilation: [2, 2])[0]);
    }

    [Fact]
    public void TransposedConvolutions()
    {
        var transposed = F.conv_transpose2d(images, Cosines(2, 2, 2, 2), tensor(new[] { 0.1, 0.2 }), strides: [2, 2], padding: [1, 1], output_padding: [1, 0]);
        Assert.Equal([2, 2, 5, 4], transposed.shape);
        Equal([-1.09271821128, 0.380950547254, 0.107188913339, 0.985839451851, -0.459258550347, -0.135163164629, -0.169153442571, 1.21845015695, 1.58135225435, 0.136254252149, 0.500269493464,
            -0.537115137608, 0.850488461913, 0.732979396341, 0.642571193958, -0.659765107407, -1.24233852265, 0.145265076872, -0.301718004313, 0.873637458873], transposed[1, 1]);
        Equal([-0.269378618918, 0.355595928748, 0.770539649631, -0.154318217253, -0.283659407432, 0.350727464979, -0.274639503319, -0.799709625411, 0.119185499926, 0.280997847452,
            -0.0293525743354, -0.334166739623, 0.163409579409, -0.491806025917, -1.02660698469, -0.515201372485, 0.403431904191, 0.546628216175, 0.316764876264, 0.746821118627,
            0.624387061889, -0.27643621009, -0.432851836696, -0.217050959467, -0.724799736448], F.conv_transpose2d(images, Cosines(2, 1, 2, 2), groups: 2, dilation: [2, 2])[0, 1]);
    }

    [Fact]
    public void Normalisation()
    {
        var mean = zeros(2, dtype: float64);
        var variance = ones(2, dtype: float64);
        var normal = F.batch_norm(images, mean, variance, tensor(new[] { 1.5, 0.5 }), tensor(new[] { 0.1, -0.1 }), training: true);
        Equal([-0.0876067962995, 1.73259186573, 1.87930827217, 0.198105734826, -0.490464767732, -0.818834046256], normal[0, TensorIndex.Colon, 0]);
        Equal([0.00867299152183, -0.000182706694491], mean);
        Equal([0.950914065801, 0.951038789091], variance);
        Equal([-1.16434186916, 0.907154291173, 1.07412643489, -0.816938856907], F.layer_norm(logits, [4])[0]);
        var grouped = F.group_norm(images, 1);
        Equal(0, grouped[0].mean(), Rounding);
        Equal(1, grouped[0].square().mean(), 1e-4);
    }

    [Fact]
    public void Pooling()
    {
        Equal([0.841470984808, 0.909297426826, 0.656986598719, 0.989358246623], F.max_pool2d(images, 2, stride: 1)[0, 0]);
        Equal([0, 0.420735492404, 0.875384205817, 0.909297426826, 0.0705600040299, 0.05644712439, 0.00876041041563, -0.0248134239187,
            -0.0691477450695, -0.059527846682, -0.0173454811572, 0.0152169859801, -0.279415498199, 0.18878555026, 0.823172422671, 0.989358246623],
            F.avg_pool2d(images, 2, stride: 1, padding: 1, count_include_pad: false)[0, 0]);
        Equal([0.05644712439, 0.00876041041563, -0.059527846682, -0.0173454811572], F.adaptive_avg_pool2d(images, 2)[0, 0]);
        Equal(images[1, 1].mean().ToDouble(), F.adaptive_avg_pool2d(images, (1, 1))[1, 1], Rounding);
    }

    [Fact]
    public void Padding()
    {
        Equal([0.841470984808, 0, 0.841470984808, 0.909297426826, -0.756802495308, 0.14112000806, -0.756802495308, -0.958924274663,
            0.656986598719, -0.279415498199, 0.656986598719, 0.989358246623, -0.756802495308, 0.14112000806, -0.756802495308, -0.958924274663],
            F.pad(images, (1, 0, 0, 1), PaddingModes.Reflect)[0, 0]);
        var x = tensor(new double[] { 1, 2 });
        Equal([9, 1, 2, 9, 9], F.pad(x, (1, 2), value: 9));
        Equal([0, 1, 2], F.pad(x, (1, 0), PaddingModes.Zeros));
    }

    [Fact]
    public void DropoutKeepsTheExpectedValue()
    {
        manual_seed(1);
        var x = ones(100_000, dtype: float64);
        Assert.True(F.dropout(x, 0.25, training: false).Equals(x));
        var dropped = F.dropout(x, 0.25);
        double kept = (dropped > 0).to(float64).mean().ToDouble();
        // Standard deviation of a mean of 100,000 Bernoulli(3/4) draws: 0.0014; four of them.
        Assert.InRange(kept, 0.75 - 0.0056, 0.75 + 0.0056);
        Equal(1 / 0.75, dropped.max(), Rounding);
    }

    [Fact]
    public void OneHot() => Equal([1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0], F.one_hot(classes, 4));
}
