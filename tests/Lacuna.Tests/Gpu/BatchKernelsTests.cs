using Lacuna.Data;
using Lacuna.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

public sealed class BatchKernelsTests : IDisposable
{
    private const ulong Seed = 0xFEDC_BA98_7654_3210;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, int, bool, bool> Cases => new(Ways.All, [0, 2, 9], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryWayMakesTheSameBatchToTheBit(string way, int padding, bool flip, bool channelsLast)
    {
        foreach (var (channels, height, width) in new[] { (3, 8, 12), (1, 5, 7) })
        {
            var set = Images(6, channels, height, width);
            var augmentation = new Augmentation(padding, flip);
            int[] rows = [4, 1, 5, 1, 0];
            var batch = Ways.Of(way).AssembleBatch(set.On(CPU).Pixels, Rows(rows), augmentation, Seed, 7, channelsLast);
            Assert.Equal(channelsLast ? [5, height, width, channels] : [5, channels, height, width], batch.shape);
            Assert.True(batch.is_contiguous());
            var expected = rows.SelectMany(row => AugmentationReference.Apply(augmentation, set, row, Seed, 7)).ToArray();
            Assert.Equal(expected, (channelsLast ? batch.permute(0, 3, 1, 2).contiguous() : batch).data<float>().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryWayTakesTheMiddleOfLargerImages(string way, int padding, bool flip, bool channelsLast)
    {
        foreach (var (channels, height, width, storedHeight, storedWidth) in new[] { (3, 8, 12, 9, 17), (1, 5, 7, 12, 7) })
        {
            var set = Images(6, channels, storedHeight, storedWidth).GivenAt(height, width);
            var augmentation = new Augmentation(padding, flip);
            int[] rows = [4, 1, 5, 1, 0];
            var expected = rows.SelectMany(row => AugmentationReference.Apply(augmentation, set, row, Seed, 7)).ToArray();
            var pixels = set.On(CPU).Pixels;
            foreach (var batch in new[]
            {
                Ways.Of(way).AssembleBatch(pixels, Rows(rows), augmentation, Seed, 7, channelsLast, (height, width)),
                Ways.Of(way).AssembleBatch(pixels.index_select(0, Rows(rows)), Rows(rows), augmentation, Seed, 7, channelsLast, (height, width), gathered: true),
                way == "cpu" ? Ways.Of(way).AssembleBatch(set, rows, augmentation, Seed, 7, channelsLast) : null,
            })
            {
                if (batch is null) continue;
                Assert.Equal(channelsLast ? [5, height, width, channels] : [5, channels, height, width], batch.shape);
                Assert.Equal(expected, (channelsLast ? batch.permute(0, 3, 1, 2).contiguous() : batch).data<float>().ToArray());
            }
        }
    }

    public static MatrixTheoryData<string, bool, bool> ResizeCases => new(Ways.All, [false, true], [false, true]);

    /// <summary>The CPU path is held to float64, PyTorch and Pillow by the kernels' own tests.</summary>
    [Theory]
    [MemberData(nameof(ResizeCases))]
    public void EveryWayScalesRectanglesToTheSameBits(string way, bool channelsLast, bool gathered)
    {
        foreach (var (channels, storedHeight, storedWidth, height, width) in new[] { (3, 21, 30, 8, 12), (1, 5, 7, 9, 6) })
        {
            var set = Images(6, channels, storedHeight, storedWidth);
            int[] rows = [4, 1, 5, 1, 0];
            var table = Augmentation.Inception.DrawRectangles(new(Seed), 3, rows, storedHeight, storedWidth);
            Assert.True(table.Chunk(5).Select(crop => crop[4]).Distinct().Count() == 2);
            var pixels = gathered ? set.On(CPU).Pixels.index_select(0, Rows(rows)) : set.On(CPU).Pixels;
            var crops = tensor(table, [5, 5]);
            var batch = Ways.Of(way).ResizeCrops(pixels, Rows(rows), crops, height, width, channelsLast, gathered);
            Assert.Equal(channelsLast ? [5, height, width, channels] : [5, channels, height, width], batch.shape);
            Assert.True(batch.is_contiguous());
            var expected = Ways.Of("cpu").ResizeCrops(set.On(CPU).Pixels, Rows(rows), crops, height, width, channelsLast);
            Assert.Equal(expected.data<float>().ToArray(), batch.data<float>().ToArray());
            Assert.InRange(expected.std().item<float>(), 0.05, 1);
        }
        Assert.Equal([0, 1, 3, 2], Ways.Of(way).ResizeCrops(Images(gathered ? 0 : 2, 1, 5, 7).On(CPU).Pixels, Rows([]), tensor(new int[0], [0, 5]), 3, 2).shape);
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void LabelsFollowTheirRows(string way)
    {
        var rows = Rows([3, 0, 3]);
        foreach (var type in new[] { int64, int32 })
            Assert.Equal([8, 5, 8], Ways.Of(way).GatherLabels(tensor(new long[] { 5, 6, 7, 8 }).to(type), rows).data<long>().ToArray());
        Assert.Equal([0], Ways.Of(way).GatherLabels(tensor(new long[] { 5 }), Rows([])).shape);
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoRowMakesAnEmptyBatch(string way) =>
        Assert.Equal([0, 1, 5, 7], Ways.Of(way).AssembleBatch(Images(2, 1, 5, 7).On(CPU).Pixels, Rows([]), Augmentation.Cifar).shape);

    [Fact]
    public void TheSetIsOnADeviceOnceAndOutlivesTheScope()
    {
        var set = Images(2, 1, 5, 7);
        Tensor first;
        using (NewDisposeScope()) first = set.On(CPU).Pixels;
        Assert.Same(first, set.On(CPU).Pixels);
        Assert.Equal(set.Pixels.ToArray(), first.data<byte>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        var set = Images(2, 1, 5, 7).On(CPU).Pixels;
        Assert.Contains("'set' is Float32", Refused(() => kernels.AssembleBatch(zeros([2, 1, 5, 7]), Rows([0]))));
        Assert.Contains("must be [M, C, H, W]", Refused(() => kernels.AssembleBatch(set.flatten(), Rows([0]))));
        Assert.Contains("'rows' is Int32", Refused(() => kernels.AssembleBatch(set, Rows([0]).to(int32))));
        Assert.Contains("'rows' is [1, 2]", Refused(() => kernels.AssembleBatch(set, Rows([0, 1]).view(1, 2))));
        Assert.Contains("images of 6x7 cannot be cut out of 'set', which has 5x7", Refused(() => kernels.AssembleBatch(set, Rows([0]), size: (6, 7))));
        Assert.Contains("'set' is [2, 1, 5, 7]", Refused(() => kernels.AssembleBatch(set, Rows([0]), gathered: true)));
        Assert.Contains("Call ResizeCrops", Refused(() => kernels.AssembleBatch(set, Rows([0]), Augmentation.Inception)));
        Assert.Contains("'crops' is Int64", Refused(() => kernels.ResizeCrops(set, Rows([0]), zeros([1, 5], dtype: int64), 2, 2)));
        Assert.Contains("'crops' is [1, 4]", Refused(() => kernels.ResizeCrops(set, Rows([0]), zeros([1, 4], dtype: int32), 2, 2)));
        Assert.Contains("'labels' is Float32", Refused(() => kernels.GatherLabels(zeros([2]), Rows([0]))));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;

    private static Tensor Rows(int[] rows) => tensor(Array.ConvertAll(rows, row => (long)row));

    private static ImageSet Images(int count, int channels, int height, int width) => new("x",
        [.. Enumerable.Range(0, count * channels * height * width).Select(i => (byte)(i * 37 + i / 5))], [.. Enumerable.Range(0, count).Select(n => n % 2)], channels, height, width, ["a", "b"]);
}
