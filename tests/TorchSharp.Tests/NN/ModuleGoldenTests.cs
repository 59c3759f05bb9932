using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

/// <summary>Each module's output against PyTorch's, in float64.</summary>
public sealed class ModuleGoldenTests
{
    [Theory]
    [InlineData("conv_stride")]
    [InlineData("conv_groups")]
    [InlineData("conv_same")]
    [InlineData("conv_reflect")]
    [InlineData("linear")]
    [InlineData("linear_no_bias")]
    [InlineData("layer_norm")]
    [InlineData("layer_norm_plain")]
    [InlineData("max_pool")]
    [InlineData("max_pool_pair")]
    [InlineData("avg_pool")]
    [InlineData("avg_pool_divisor")]
    [InlineData("adaptive_avg_pool")]
    [InlineData("gelu")]
    [InlineData("relu")]
    public void OutputIsPyTorchs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Root.GetProperty("modules").GetProperty(name);
        using nn.Module<Tensor, Tensor> module = Build(name).to(ScalarType.Float64);
        module.load_state_dict(Golden.State(golden.GetProperty("state")));

        Tensor output = module.call(Golden.Tensor(golden.GetProperty("input")));

        Golden.Close(golden.GetProperty("output"), output);
    }

    [PortableFact("the message has other words")]
    public void SamePaddingRefusesAStride()
    {
        var error = Assert.Throws<ArgumentException>(() => nn.Conv2d(1, 1, 3, Padding.Same, stride: 2));
        Assert.Contains("stride 1", error.Message);
    }

    [PortableFact("the groups are not checked when the layer is made")]
    public void GroupsMustDivideChannels() => Assert.Throws<ArgumentException>(() => nn.Conv2d(4, 3, 3, groups: 2));

    [Fact]
    public void DropoutKeepsTheMeanInTrainingAndTheInputInEvaluation()
    {
        using DisposeScope scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.25);
        Tensor ones = torch.ones(4000);
        torch.manual_seed(3);

        double[] trained = Golden.Values(dropout.call(ones));
        dropout.eval();
        double[] evaluated = Golden.Values(dropout.call(ones));

        Assert.All(trained, value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75)) < 1e-6));

        // Dropped elements are binomial(4000, 0.25): mean 1000, deviation 27.4; five deviations.
        Assert.InRange(trained.Count(value => value == 0), 863, 1137);
        Assert.All(evaluated, value => Assert.Equal(1, value));
    }

    [PortableTheory("the probability is not checked")]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void DropoutRefusesWhatIsNoProbability(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => nn.Dropout(p));

    private static nn.Module<Tensor, Tensor> Build(string name) => name switch
    {
        "conv_stride" => nn.Conv2d(4, 3, 3, stride: 2, padding: 1),
        "conv_groups" => nn.Conv2d(4, 2, (3, 2), stride: (1, 2), padding: (2, 1), dilation: (2, 1), groups: 2, bias: false),
        "conv_same" => nn.Conv2d(4, 2, (2, 4), Padding.Same),
        "conv_reflect" => nn.Conv2d(4, 2, (3, 3), padding: (2, 1), padding_mode: PaddingModes.Reflect),
        "linear" => nn.Linear(6, 3),
        "linear_no_bias" => nn.Linear(6, 3, hasBias: false),
        "layer_norm" => nn.LayerNorm([5, 6], eps: 1e-3),
        "layer_norm_plain" => nn.LayerNorm(6, elementwise_affine: false),
        "max_pool" => nn.MaxPool2d(3, stride: 2, padding: 1, ceil_mode: true),
        "max_pool_pair" => nn.MaxPool2d((2, 3), dilation: (2, 1)),
        "avg_pool" => nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false),
        "avg_pool_divisor" => nn.AvgPool2d((2, 3), ceil_mode: true, divisor_override: 5),
        "adaptive_avg_pool" => nn.AdaptiveAvgPool2d((3, 2)),
        "gelu" => nn.GELU(),
        "relu" => nn.ReLU(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
