using Lacuna.Evaluation.Corruptions;
using Lacuna.Numerics;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation.Corruptions;

public sealed class CorruptionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DrawSource _draws = new(7);
    private readonly Tensor _images = Formula.Values(5, 6, 2, 9, 8).to(float32);

    public void Dispose() => _scope.Dispose();

    public static TheoryData<Corruption> All => [new GaussianNoise(0.2), new ElasticTransform(488, 19.52, 48.8)];

    [Fact]
    public void NoiseIsTheRowsOwnDraws()
    {
        var noisy = Numbers(Apply(new GaussianNoise(0.2), [3, 9, 4, 0, 7, 1]));
        var clean = Numbers(_images);
        for (var i = 0; i < 144; i++)
            Assert.Equal(Math.Clamp(clean[2 * 144 + i] + 0.2 * _draws.Normal(DrawPurpose.GaussianNoise, 1, 4, i), 0, 1), noisy[2 * 144 + i], 1e-6);
    }

    /// <summary>Ten thousand draws of a mid-grey image: the deviation's own error is 0.7 %, four of which are allowed; no value is clipped.</summary>
    [Fact]
    public void NoiseHasItsDeviation()
    {
        var grey = full([1, 1, 100, 100], 0.5f);
        var noisy = Numbers(new GaussianNoise(0.08).Apply(grey, [0], _draws, 0, TestContext.Current.CancellationToken));
        var deviation = Math.Sqrt(noisy.Sum(v => (v - 0.5) * (v - 0.5)) / noisy.Length);
        Assert.InRange(deviation, 0.08 * 0.972, 0.08 * 1.028);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ARowIsChangedAlikeWhateverStandsBesideIt(Corruption corruption)
    {
        var whole = Apply(corruption, [3, 9, 4, 0, 7, 1]);
        var alone = corruption.Apply(_images.narrow(0, 2, 1), [4], _draws, 1, TestContext.Current.CancellationToken);
        Assert.Equal(Numbers(alone), Numbers(whole.narrow(0, 2, 1)));
        // Another row, another set, another seed: another change.
        var same = _images.narrow(0, 2, 1);
        Assert.NotEqual(Numbers(alone), Numbers(corruption.Apply(same, [5], _draws, 1, TestContext.Current.CancellationToken)));
        Assert.NotEqual(Numbers(alone), Numbers(corruption.Apply(same, [4], _draws, 0, TestContext.Current.CancellationToken)));
        Assert.NotEqual(Numbers(alone), Numbers(corruption.Apply(same, [4], new DrawSource(8), 1, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheGivenImagesStayAndTheResultIsInRange(Corruption corruption)
    {
        var before = Numbers(_images);
        var changed = Numbers(Apply(corruption, [0, 1, 2, 3, 4, 5]));
        Assert.Equal(before, Numbers(_images));
        Assert.All(changed, value => Assert.InRange(value, 0, 1));
        Assert.NotEqual(before, changed);
    }

    /// <summary>Every place is a mixture of pixels with weights that make one, so an even image stays as it is.</summary>
    [Fact]
    public void AnElasticTransformationLeavesAnEvenImageAlone()
    {
        var even = full([2, 1, 12, 12], 0.375f);
        Assert.All(Numbers(new ElasticTransform(488, 19.52, 48.8).Apply(even, [0, 1], _draws, 0, TestContext.Current.CancellationToken)), value => Assert.Equal(0.375, value, 1e-6));
    }

    /// <summary>A channel-last view in memory, and both channels moved alike.</summary>
    [Fact]
    public void ChannelsMoveTogetherInAnyOrderOfMemory()
    {
        var doubled = cat([_images.narrow(1, 0, 1), _images.narrow(1, 0, 1)], 1);
        var turned = doubled.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var changed = new ElasticTransform(488, 170.8, 24.4).Apply(turned, [0, 1, 2, 3, 4, 5], _draws, 0, TestContext.Current.CancellationToken);
        Assert.Equal(Numbers(changed.narrow(1, 0, 1)), Numbers(changed.narrow(1, 1, 1)));
        Assert.Equal(Numbers(changed), Numbers(new ElasticTransform(488, 170.8, 24.4).Apply(doubled, [0, 1, 2, 3, 4, 5], _draws, 0, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void RowsAndImagesMustAgree()
    {
        Assert.Contains("2 rows", Assert.Throws<ArgumentException>(() => new GaussianNoise(0.1).Apply(_images, [0, 1], _draws, 0, TestContext.Current.CancellationToken)).Message);
        Assert.Contains("2x2", Assert.Throws<ArgumentException>(() => new ElasticTransform(1, 1, 1).Apply(zeros(1, 1, 2, 2), [0], _draws, 0, TestContext.Current.CancellationToken)).Message);
        Assert.Contains("Deviation is -1", Assert.Throws<ArgumentException>(() => new GaussianNoise(-1).Validate()).Message);
    }

    private Tensor Apply(Corruption corruption, int[] rows) => corruption.Apply(_images, rows, _draws, 1, TestContext.Current.CancellationToken);
}
