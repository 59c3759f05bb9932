using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

public sealed class InitTests
{
    /// <summary>One unit in the last place of a float32 below one.</summary>
    private const double Float32 = 1.2e-7;

    [Fact]
    public void SameSeedGivesPyTorchsInitialValues()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Root.GetProperty("initial");
        torch.manual_seed(7);
        using var conv = nn.Conv2d(4, 6, 3, groups: 2);
        using var linear = nn.Linear(5, 4);

        Golden.Close(golden.GetProperty("conv.weight"), conv.weight, Float32);
        Golden.Close(golden.GetProperty("conv.bias"), conv.bias!, Float32);
        Golden.Close(golden.GetProperty("linear.weight"), linear.weight, Float32);
        Golden.Close(golden.GetProperty("linear.bias"), linear.bias!, Float32);
    }

    [PortableFact("one of the laws draws other values")]
    public void SameSeedGivesPyTorchsLaws()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Root.GetProperty("initial");
        torch.manual_seed(8);
        Tensor kaimingUniform = nn.init.kaiming_uniform_(
            empty(3, 4, 2, 2), mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        Tensor kaimingNormal = nn.init.kaiming_normal_(empty(3, 4, 2, 2), a: 0.3);
        Tensor xavierUniform = nn.init.xavier_uniform_(empty(3, 4, 2, 2), gain: 1.5);
        Tensor xavierNormal = nn.init.xavier_normal_(empty(3, 4, 2, 2));

        Golden.Close(golden.GetProperty("kaiming_uniform_fan_out_relu"), kaimingUniform, Float32);
        Golden.Close(golden.GetProperty("kaiming_normal_leaky"), kaimingNormal, Float32);
        Golden.Close(golden.GetProperty("xavier_uniform"), xavierUniform, Float32);
        Golden.Close(golden.GetProperty("xavier_normal"), xavierNormal, Float32);
    }

    [PortableFact("the values follow another law")]
    public void TruncatedNormalStaysInsideAndHasItsDeviation()
    {
        using DisposeScope scope = NewDisposeScope();
        torch.manual_seed(5);
        double[] values = Golden.Values(nn.init.trunc_normal_(empty(20000, dtype: ScalarType.Float64), mean: 1, std: 0.5, a: 0, b: 2));

        // On +-2 deviations the variance is 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.7737 of the normal's 0.25; the sample's relative error is
        // under 0.01 (one deviation 0.0085), the mean's deviation 0.0031. Five deviations of each.
        double mean = values.Average();
        double variance = values.Average(value => (value - mean) * (value - mean));
        Assert.All(values, value => Assert.InRange(value, 0, 2));
        Assert.InRange(mean, 1 - 0.0156, 1 + 0.0156);
        Assert.InRange(variance / (0.7737 * 0.25), 1 - 0.05, 1 + 0.05);
    }

    [PortableFact("the bounds are not checked")]
    public void TruncatedNormalRefusesATail()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => nn.init.trunc_normal_(empty(3), a: 3, b: 4));
        Assert.Throws<ArgumentException>(() => nn.init.trunc_normal_(empty(3), a: 1, b: -1));
    }

    [Fact]
    public void FillsParametersOutsideAutograd()
    {
        using var linear = nn.Linear(2, 2);
        Tensor returned = nn.init.constant_(linear.weight, 0.5);

        Assert.Same(linear.weight, returned);
        Assert.True(linear.weight.is_leaf);
        Assert.True(linear.weight.requires_grad);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], Golden.Values(linear.weight));
    }

    [PortableFact("the exception is an ExternalException")]
    public void VectorsHaveNoFans()
    {
        using Tensor vector = empty(3);
        Assert.Throws<ArgumentException>(() => nn.init.kaiming_uniform_(vector));
    }

    [Theory]
    [InlineData(nn.init.NonlinearityType.Linear, 0, 1)]
    [InlineData(nn.init.NonlinearityType.Sigmoid, 0, 1)]
    [InlineData(nn.init.NonlinearityType.Tanh, 0, 1.6666666666666667)]
    [InlineData(nn.init.NonlinearityType.ReLU, 0, 1.4142135623730951)]
    [InlineData(nn.init.NonlinearityType.LeakyReLU, 0.01, 1.4141428569978354)]
    public void GainsArePyTorchs(nn.init.NonlinearityType nonlinearity, double slope, double gain) =>
        Assert.Equal(gain, nn.init.calculate_gain(nonlinearity, slope), 15);
}
