using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class BatchAssemblyTests
{
    public static TheoryData<int, int, int, int, bool, bool> Shapes => BatchCase.Shapes;

    public static TheoryData<int, int, int, int, int, int, bool> StoredShapes => BatchCase.StoredShapes;

    internal static float[] Cpu(byte[] set, long[] rows, ImageShape shape, CropAndFlip augmentation, int offset = 0, bool gathered = false)
    {
        var batch = new float[offset + rows.Length * shape.Elements + 1];
        batch.AsSpan().Fill(9);
        fixed (byte* s = set)
        fixed (long* r = rows)
        fixed (float* b = batch)
            BatchAssembly.Cpu(s, r, b + offset, rows.Length, shape, augmentation, gathered);
        Assert.Equal(9, batch[^1]);
        Assert.All(batch[..offset], value => Assert.Equal(9, value));
        return batch[offset..^1];
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheFormulaToTheBit(int channels, int height, int width, int padding, bool flip, bool channelsLast)
    {
        var shape = new ImageShape(5, channels, height, width, channelsLast);
        var augmentation = new CropAndFlip(padding, flip, BatchCase.Seed, BatchCase.Epoch);
        byte[] set = BatchCase.Set(shape);
        foreach (long[] rows in new long[][] { [], [4], [2, 0, 4, 2, 1, 3] })
            Assert.Equal(BatchCase.Expected(set, rows, shape, augmentation), Cpu(set, rows, shape, augmentation, offset: rows.Length % 3));
    }

    [Theory, MemberData(nameof(StoredShapes))]
    public void TakesTheMiddleOfLargerImages(int channels, int height, int width, int storedHeight, int storedWidth, int padding, bool channelsLast)
    {
        var shape = new ImageShape(4, channels, height, width, channelsLast) { StoredHeight = storedHeight, StoredWidth = storedWidth };
        byte[] set = BatchCase.Set(shape);
        long[] rows = [3, 1, 0, 3];
        foreach (var augmentation in new[] { default, new CropAndFlip(padding, true, BatchCase.Seed, BatchCase.Epoch) })
            foreach (bool gathered in new[] { false, true })
                Assert.Equal(BatchCase.Expected(set, rows, shape, augmentation, gathered), Cpu(set, rows, shape, augmentation, 1, gathered));
    }

    /// <summary>torchvision 0.14.1, center_crop of a line of 12 pixels: where the middle 1, ..., 12 begin.</summary>
    [Fact]
    public void TheMiddleBeginsWhereTorchvisionPutsIt() =>
        Assert.Equal([6, 5, 4, 4, 4, 3, 2, 2, 2, 1, 0, 0], Enumerable.Range(1, 12).Select(given => ImageShape.Middle(12, given)));

    [Fact]
    public void ScalesEveryByteAsTheDivisionDoes()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        float[] expected = [.. all.Select(b => b / 255f)];
        Assert.Equal(expected, Cpu(all, [0], new(1, 1, 16, 16), default));
        Assert.Equal(expected, all.Select(BatchAssembly.ToUnit));
        Assert.NotEqual(expected, all.Select(b => b * (1 / 255f))); // which is why there are two factors
        Assert.Equal(expected, all.Select(b => MathF.FusedMultiplyAdd(b, 257f / (1 << 16), b * (65793f / (1L << 40))))); // as a device may do it
    }

    [Fact]
    public void DrawsReachEveryCropAndBothDirections()
    {
        var augmentation = new CropAndFlip(4, true, BatchCase.Seed, BatchCase.Epoch);
        var drawn = Enumerable.Range(0, 500).Select(row => augmentation.Draw(row)).ToArray();
        int[] places = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
        Assert.Equal(places, drawn.Select(d => d.Top).Distinct().Order());
        Assert.Equal(places, drawn.Select(d => d.Left).Distinct().Order());
        Assert.InRange(drawn.Count(d => d.Mirror == 1), 200, 300);
        Assert.NotEqual(drawn, Enumerable.Range(0, 500).Select(row => (augmentation with { Epoch = 4 }).Draw(row)));
        Assert.NotEqual(drawn, Enumerable.Range(0, 500).Select(row => (augmentation with { Seed = 1 }).Draw(row)));
    }

    [Fact]
    public void ManyBlocksGiveWhatOneRowAtATimeDoes()
    {
        var shape = new ImageShape(100, 3, 32, 32);
        var augmentation = new CropAndFlip(4, true, 1, 2);
        byte[] set = BatchCase.Set(shape);
        long[] rows = [.. Enumerable.Range(0, 300).Select(i => (long)(i * 37 % 100))];
        Assert.Equal(rows.SelectMany(row => Cpu(set, [row], shape, augmentation)), Cpu(set, rows, shape, augmentation));
    }

    [Fact]
    public void RowsOutsideTheSetAndImpossibleShapesAreRefused()
    {
        var shape = new ImageShape(2, 1, 2, 2);
        Assert.Contains("2 images", Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(new byte[8], [0, 2], shape, default)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(new byte[8], [-1], shape, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(new byte[8], [0], shape, new(-1, false, 0, 0)));
        Assert.Throws<ArgumentException>(() => BatchAssembly.Cpu(null, null, null, 0, new(1, 1 << 11, 1 << 11, 1 << 11)));
        Assert.Contains("2 x 2", Assert.Throws<ArgumentException>(() => Cpu(new byte[8], [0], shape with { StoredHeight = 1 }, default)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(new byte[8], [0, 0, 0], shape, default, gathered: true));
    }

    [Fact]
    public void LabelsFollowTheirRows()
    {
        long[] rows = [2, 0, 2], result = new long[3];
        LabelGather.Cpu([7, 8, 9L], rows, result);
        Assert.Equal([9, 7, 9], result);
        LabelGather.Cpu([4, 5, 6], rows, result);
        Assert.Equal([6, 4, 6], result);
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelGather.Cpu([4, 5], rows, result));
        Assert.Throws<ArgumentException>(() => LabelGather.Cpu([4, 5, 6], rows, new long[2]));
    }
}
