using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class ResizedCropTests
{
    public static TheoryData<int, int, int, int, int, bool> Shapes => ResizeCase.Shapes;

    internal static float[] Cpu(byte[] set, long[] rows, int[] crops, ImageShape shape, int offset = 0, bool gathered = false)
    {
        var batch = new float[offset + rows.Length * shape.Elements + 1];
        batch.AsSpan().Fill(9);
        fixed (byte* s = set)
        fixed (long* r = rows)
        fixed (int* c = crops)
        fixed (float* b = batch)
            ResizedCrop.Cpu(s, r, c, b + offset, rows.Length, shape, gathered);
        Assert.Equal(9, batch[^1]);
        Assert.All(batch[..offset], value => Assert.Equal(9, value));
        return batch[offset..^1];
    }

    [Theory, MemberData(nameof(Shapes))]
    public void IsTheTriangleFilterRoundedOnce(int channels, int storedHeight, int storedWidth, int height, int width, bool channelsLast)
    {
        var shape = ResizeCase.Shape(4, channels, storedHeight, storedWidth, height, width, channelsLast);
        byte[] set = BatchCase.Set(shape);
        foreach (long[] rows in new long[][] { [], [3, 1, 0, 3] })
            foreach (bool gathered in new[] { false, true })
            {
                int[] crops = ResizeCase.Crops(rows.Length, shape);
                double[] expected = ResizeCase.Expected(set, rows, crops, shape, gathered);
                float[] actual = Cpu(set, rows, crops, shape, offset: rows.Length % 3, gathered);
                Assert.Equal(expected.Length, actual.Length);
                // One rounding, to which the reference's own add 1e-13.
                for (int i = 0; i < actual.Length; i++)
                    Near.Equal(expected[i], actual[i], Near.Rounding * expected[i] + 1e-13);
            }
    }

    /// <summary>
    /// PyTorch in float64: our one rounding. In float32 its weights' arguments, up to 37, are rounded to 2^-19 and so are the weights, which sum to 1: 4e-6, and a few roundings of their sums. Pillow
    /// computes weights in float64 and rounds after each direction.
    /// </summary>
    [Fact]
    public void AgreesWithPyTorchAndPillow()
    {
        byte[] image = [.. Enumerable.Range(0, 29 * 37).Select(i => (byte)(i * 37 + i / 5))];
        var cases = ResizeCase.Golden().ToArray();
        Assert.Equal(21, cases.Length);
        foreach (var (library, crop, height, width, numbers) in cases)
        {
            float[] actual = Cpu(image, [0], crop, ResizeCase.Shape(1, 1, 29, 37, height, width, false));
            double bound = library switch { "float64" => Near.Rounding, "float32" => 6e-6, _ => 3 * Near.Rounding };
            Assert.Equal(numbers.Length, actual.Length);
            for (int i = 0; i < actual.Length; i++)
                Near.Equal(numbers[i], actual[i], bound);
        }
    }

    [Fact]
    public void ARectangleOfTheResultsSizeIsACrop()
    {
        var shape = ResizeCase.Shape(2, 3, 20, 30, 20, 30, false);
        byte[] set = BatchCase.Set(shape);
        Assert.Equal(BatchAssemblyTests.Cpu(set, [1, 0], shape, default), Cpu(set, [1, 0], [0, 0, 20, 30, 0, 0, 0, 20, 30, 0], shape));
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(all.Select(b => b / 255f), Cpu(all, [0], [0, 0, 1, 256, 0], ResizeCase.Shape(1, 1, 1, 256, 1, 256, false)));
        Assert.Equal(all.Reverse().Select(b => b / 255f), Cpu(all, [0], [0, 0, 1, 256, 1], ResizeCase.Shape(1, 1, 1, 256, 1, 256, false)));
    }

    [Fact]
    public void AnEvenImageStaysEven()
    {
        var shape = ResizeCase.Shape(1, 1, 333, 500, 224, 224, false);
        var white = new byte[333 * 500];
        white.AsSpan().Fill(255);
        Assert.All(Cpu(white, [0, 0], ResizeCase.Crops(2, shape), shape), value => Assert.Equal(1f, value));
    }

    [Fact]
    public void ManyBlocksGiveWhatOneImageAtATimeDoes()
    {
        var shape = ResizeCase.Shape(9, 3, 64, 70, 56, 48, true);
        byte[] set = BatchCase.Set(shape);
        long[] rows = [.. Enumerable.Range(0, 40).Select(i => (long)(i * 7 % 9))];
        int[] crops = ResizeCase.Crops(rows.Length, shape);
        Assert.Equal(rows.SelectMany((row, n) => Cpu(set, [row], crops[(5 * n)..(5 * n + 5)], shape)), Cpu(set, rows, crops, shape));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var shape = ResizeCase.Shape(2, 1, 4, 6, 2, 2, false);
        var set = new byte[48];
        Assert.Contains("2 images", Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(set, [2], [0, 0, 1, 1, 0], shape)).Message);
        foreach (int[] crop in new int[][] { [-1, 0, 1, 1, 0], [0, 0, 5, 1, 0], [1, 0, 4, 1, 0], [0, 6, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 1, -3, 0], [0, int.MaxValue, 1, int.MaxValue, 0] })
            Assert.Contains("4 x 6", Assert.Throws<ArgumentOutOfRangeException>(() => Cpu(set, [0], crop, shape)).Message);
        Assert.Contains("Store them smaller", Assert.Throws<ArgumentException>(() => ResizedCrop.Validate(ResizeCase.Shape(1, 1, 1 << 14, 8, 4, 4, false))).Message);
        Assert.Throws<ArgumentException>(() => ResizedCrop.Validate(ResizeCase.Shape(1, 1, 8, 1 << 15, 4, 1 << 14, false)));
        ResizedCrop.Validate(ResizeCase.Shape(1, 3, 4096, 4096, 32, 32, false));
        ResizedCrop.Validate(ResizeCase.Shape(1, 3, 4, 4, 4096, 4096, false));
    }

    /// <summary>The largest sums that are let through: whole numbers still, and so the value in exact arithmetic.</summary>
    [Fact]
    public void TheLargestSumsAreExact()
    {
        const int n = 8191, m = 65;
        ResizedCrop.Validate(ResizeCase.Shape(1, 1, 1, n, 1, m, false));
        byte[] set = BatchCase.Set(ResizeCase.Shape(1, 1, 1, n, 1, m, false));
        float[] actual = Cpu(set, [0], [0, 0, 1, n, 0], ResizeCase.Shape(1, 1, 1, n, 1, m, false));
        for (int j = 0; j < m; j++)
        {
            Int128 sum = 0, total = 0;
            for (int t = 0; t < n; t++)
            {
                Int128 weight = Int128.Max(0, 2 * n - Int128.Abs((Int128)m * (2 * t + 1) - (Int128)n * (2 * j + 1)));
                (sum, total) = (sum + weight * set[t], total + weight);
            }
            Assert.Equal((float)((double)sum / (double)(total * 255)), actual[j]);
        }
    }
}
