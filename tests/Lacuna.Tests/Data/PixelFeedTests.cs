using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Numerics;
using Lacuna.Tests.Gpu;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Data;

/// <summary>However pixels come into batches, these have the same bits. Alone, since one test counts tensors.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PixelFeedTests : IDisposable
{
    private static readonly int[] Rows = [9, 2, 7, 0, 5, 5, 8];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, int> Cases => new(Ways.All, [0, 1, 2]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryFeedMakesTheSameBatches(string way, int kind)
    {
        var augmentation = new[] { Augmentation.None, new Augmentation(2, true), new Augmentation(0, true, 0.2) }[kind];
        var set = Images(10, new ArrayPixels(Bytes(10 * 3 * 11 * 14)), 11, 14).GivenAt(8, 9);
        var expected = Said(new BatchSource(set, Rows, CPU, augmentation));
        var compute = new Compute(CPU, Ways.Of(way));
        foreach (var channelsLast in new[] { false, true })
        {
            foreach (var feed in new[] { PixelFeed.Resident, PixelFeed.Gathered })
                Assert.Equal(expected, Said(new BatchSource(new BatchMaker(set, compute, feed, channelsLast), Rows, augmentation)));
            var source = new BatchSource(set, Rows, compute, augmentation, channelsLast);
            Assert.Equal(expected, Said(source));
            Assert.Equal(channelsLast ? [3 * 8 * 9, 1, 3 * 9, 3] : [3 * 8 * 9, 8 * 9, 9, 1], source.All().Images.stride());
        }
    }

    [Fact]
    public void TheFeedFollowsTheDeviceAndTheSetsSize()
    {
        using var folder = new TemporaryFolder();
        using var large = new SparsePixels(folder.File("large"), 3L * 20_000 * 200 * 200);
        var (small, big) = (Images(1, new ArrayPixels(new byte[12]), 2, 2), Images(20_000, large, 200, 200));
        Compute On(Device device, KernelChoice choice) => new(device, new TensorKernels(choice));
        foreach (var set in new[] { small, big })
        {
            Assert.Equal(PixelFeed.Direct, BatchMaker.FeedFor(set, CPU));
            Assert.Equal(PixelFeed.Gathered, BatchMaker.FeedFor(set, On(CPU, KernelChoice.Operators)));
        }
        Assert.Equal(PixelFeed.Resident, BatchMaker.FeedFor(small, On(CUDA, KernelChoice.Native)));
        Assert.Equal(PixelFeed.Gathered, BatchMaker.FeedFor(big, On(CUDA, KernelChoice.Native)));
    }

    /// <summary>2.4 GB: the last image lies beyond the first 2^31 bytes. Nothing reads or copies the rest.</summary>
    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void ReachesTheLastImageOfASetBeyondTwoToThe31(string way)
    {
        const int count = 20_000, side = 200, length = 3 * side * side;
        using var folder = new TemporaryFolder();
        using var pixels = new SparsePixels(folder.File("large"), (long)count * length);
        var image = Bytes(length);
        pixels.Write((count - 1L) * length, image);
        var set = Images(count, pixels, side, side).GivenAt(150, 150);
        var one = Images(1, new ArrayPixels(image), side, side).GivenAt(150, 150);
        using var batch = new BatchSource(set, [count - 1, 17], new Compute(CPU, Ways.Of(way))).All();
        Assert.Equal(new BatchSource(one, [0], CPU).All().Images[0].data<float>().ToArray(), batch.Images[0].data<float>().ToArray());
        Assert.Equal(0, batch.Images[1].abs().max().item<float>());
        using var scaled = new BatchSource(set, [count - 1], new Compute(CPU, Ways.Of(way)), Augmentation.Inception).Shuffled(new DrawSource(1), 0, 1).Single();
        Assert.InRange(scaled.Images.std().item<float>(), 0.05, 1);
    }

    [Fact]
    public void AnEpochThatIsLeftEarlyLeavesNoTensor()
    {
        var set = Images(10, new ArrayPixels(Bytes(10 * 3 * 64)), 8, 8);
        var source = new BatchSource(new BatchMaker(set, CPU, PixelFeed.Gathered, true), Rows, Augmentation.Cifar);
        // Other tests' tensors that nobody holds any more.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = TensorStack.Current.LiveTensors;
        foreach (var batch in source.Shuffled(new DrawSource(1), 0, 2))
        {
            batch.Dispose();
            break;
        }
        foreach (var batch in source.InOrder(2)) batch.Dispose();
        source.All().Dispose();
        Assert.Equal(before, TensorStack.Current.LiveTensors);
    }

    [Fact]
    public void ARowOutsideTheSetIsAnError()
    {
        var set = Images(2, new ArrayPixels(new byte[24]), 2, 2);
        Assert.Contains("2 images", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSource(set, [2], CPU).All()).Message);
        Assert.Contains("2 images", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSource(new BatchMaker(set, CPU, PixelFeed.Gathered, false), [0, 2], default).InOrder(1).ToList()).Message);
        Assert.Throws<InvalidOperationException>(() => TensorKernels.Operators.AssembleBatch(set, [0]));
    }

    private static List<string> Said(BatchSource source) =>
        [.. source.Shuffled(new DrawSource(3), 4, 3).Concat(source.InOrder(4)).Append(source.All()).Select(batch =>
            $"{string.Join(' ', batch.Rows)} | {string.Join(' ', batch.Labels.data<long>().ToArray())} | {string.Join(' ', batch.Images.shape)} | {string.Join(' ', batch.Images.contiguous().data<float>().ToArray())}")];

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 37 + i / 5))];

    private static ImageSet Images(int count, PixelStore pixels, int height, int width) =>
        new("x", pixels, [.. Enumerable.Range(0, count).Select(n => n % 2)], 3, height, width, ["a", "b"], ImageDetails.None);
}
