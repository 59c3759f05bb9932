using Lacuna.Data;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class BatchSourceTests : IDisposable
{
    private static readonly int[] rows = [30, 2, 7, 11, 19, 5, 28];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ImageSet _set = Bands(12);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void EveryRowComesOnceAnEpochInAnOrderOfSeedAndEpoch(int batchSize)
    {
        var source = new BatchSource(_set, rows, CPU);
        int[] Order(ulong seed, int epoch) => [.. source.Shuffled(new DrawSource(seed), epoch, batchSize).SelectMany(b => b.Rows)];

        Assert.Equal(rows.Order(), Order(1, 0).Order());
        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.Equal(new BatchSource(_set, rows, CPU).Shuffled(new DrawSource(1), 0, 2).SelectMany(b => b.Rows), Order(1, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
        Assert.Equal(rows, source.InOrder(batchSize).SelectMany(b => b.Rows));
        Assert.Equal(source.BatchesFor(batchSize), source.InOrder(batchSize).Count());
        Assert.Equal((rows.Length + batchSize - 1) / batchSize, source.BatchesFor(batchSize));
    }

    [Fact]
    public void ABatchHoldsItsRowsPixelsAndLabels()
    {
        foreach (var batch in new BatchSource(_set, rows, CPU).Shuffled(new DrawSource(1), 0, 3).Append(new BatchSource(_set, rows, CPU).All()))
        {
            Assert.Equal([batch.Rows.Count, 1, 8, 8], batch.Images.shape);
            // Division by 255 in float32 is rounded correctly.
            Near([.. batch.Rows.SelectMany(row => _set.Image(row).ToArray().Select(p => (double)(p / 255f)))], batch.Images, 0);
            Assert.Equal(batch.Rows.Select(row => (long)_set.Labels.Span[row]), batch.Labels.data<long>().ToArray());
        }
    }

    /// <summary>
    /// Two channels of 3x3 with one pixel of padding: nine crops of the padded image, each straight or mirrored, and never
    /// another. 400 draws leave one of the 18 out with a chance of 18 (17/18)^400 = 2e-9; half are mirrored, give or take 4 deviations.
    /// </summary>
    [Fact]
    public void CropsAndMirrorsAreThoseOfThePaddedImage()
    {
        var set = new ImageSet("x", [.. Enumerable.Range(1, 18).Select(i => (byte)(i * 10))], [0], 2, 3, 3, ["a", "b"]);
        var variants = new Dictionary<string, (int Top, int Left, bool Mirror)>();
        for (var top = 0; top < 3; top++)
            for (var left = 0; left < 3; left++)
                foreach (var mirror in new[] { false, true })
                    variants.Add(Text(Crop(set.Image(0), top, left, mirror)), (top, left, mirror));
        Assert.Equal(18, variants.Count);

        string Augmented(Augmentation augmentation, int epoch)
        {
            using var batch = new BatchSource(set, [0], CPU, augmentation).Shuffled(new DrawSource(1), epoch, 1).Single();
            return Text(batch.Images.data<float>().ToArray());
        }

        List<(int Top, int Left, bool Mirror)> seen = [];
        for (var epoch = 0; epoch < 400; epoch++)
        {
            seen.Add(variants[Augmented(new Augmentation(1, true), epoch)]);
        }
        Assert.Equal(18, seen.Distinct().Count());
        Assert.InRange(seen.Count(v => v.Mirror), 160, 240);

        for (var epoch = 0; epoch < 20; epoch++)
        {
            var mirrored = variants[Augmented(new Augmentation(0, true), epoch)];
            Assert.Equal((1, 1), (mirrored.Top, mirrored.Left));
            Assert.False(variants[Augmented(new Augmentation(1, false), epoch)].Mirror);
            Assert.Equal((1, 1, false), variants[Augmented(Augmentation.None, epoch)]);
        }
    }

    [Fact]
    public void AnAugmentedImageDependsOnSeedEpochAndRowAlone()
    {
        Dictionary<int, string> Images(int[] some, int epoch, int batchSize) =>
            new BatchSource(_set, some, CPU, Augmentation.Cifar).Shuffled(new DrawSource(1), epoch, batchSize)
                .SelectMany(b => b.Rows.Select((row, i) => (row, Text([.. Numbers(b.Images[i]).Select(v => (float)v)]))))
                .ToDictionary(pair => pair.row, pair => pair.Item2);

        var whole = Images(rows, 0, 7);
        var part = Images(rows[2..5], 0, 2);
        Assert.All(part, pair => Assert.Equal(whole[pair.Key], pair.Value));
        Assert.NotEqual(whole, Images(rows, 1, 7));
    }

    private static float[] Crop(ReadOnlySpan<byte> image, int top, int left, bool mirror)
    {
        var padded = new float[2, 5, 5];
        for (var i = 0; i < 18; i++) padded[i / 9, 1 + i % 9 / 3, 1 + i % 3] = image[i] / 255f;
        var crop = new float[18];
        for (var i = 0; i < 18; i++) crop[i] = padded[i / 9, top + i % 9 / 3, left + (mirror ? 2 - i % 3 : i % 3)];
        return crop;
    }

    private static string Text(float[] values) => string.Join(' ', values);
}
