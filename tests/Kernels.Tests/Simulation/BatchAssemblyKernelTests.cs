using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>CPU and GPU must give the same batch, to the bit.</summary>
public sealed class BatchAssemblyKernelTests
{
    public static TheoryData<int, int, int, int, bool, bool> Shapes => BatchCase.Shapes;

    public static TheoryData<int, int, int, int, int, int, bool> StoredShapes => BatchCase.StoredShapes;

    private static float[] Kernel(byte[] set, long[] rows, ImageShape shape, CropAndFlip augmentation, int groups, int threads, bool wide, bool gathered = false)
    {
        int offset = wide ? 4 : 3;
        using var s = new SimulatedArray<byte>([9, .. set, 9]);
        using var r = new SimulatedArray<long>([-9, .. rows, -9]);
        using var b = new SimulatedArray<float>(offset + rows.Length * shape.Elements + 1);
        var (vs, vr, vb) = (s.View.SubView(1, set.Length), r.View.SubView(1, rows.Length), b.View.SubView(offset, rows.Length * shape.Elements));
        int options = BatchAssembly.Options(shape.ChannelsLast, augmentation.Flip, gathered, wide);
        KernelSimulator.Run(new(groups, threads), () => BatchAssembly.Kernel(vs, vr, vb, shape.Channels, shape.Height, shape.Width, shape.StoredHeight, shape.StoredWidth,
            augmentation.Padding, (long)augmentation.Seed, augmentation.Epoch, options));
        Assert.All(b.Span[..offset].ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(b.Span[^1]));
        return b.Span[offset..^1].ToArray();
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheCpuPath(int channels, int height, int width, int padding, bool flip, bool channelsLast)
    {
        var shape = new ImageShape(3, channels, height, width, channelsLast);
        var augmentation = new CropAndFlip(padding, flip, BatchCase.Seed, BatchCase.Epoch);
        byte[] set = BatchCase.Set(shape);
        long[] rows = [2, 0, 2];
        float[] expected = BatchAssemblyTests.Cpu(set, rows, shape, augmentation);
        Assert.Equal(expected, Kernel(set, rows, shape, augmentation, 2, 64, wide: false));
        if (shape.Elements % 4 == 0)
            Assert.Equal(expected, Kernel(set, rows, shape, augmentation, 5, 32, wide: true));
    }

    [Theory, MemberData(nameof(StoredShapes))]
    public void AgreesWithTheCpuPathOnLargerImages(int channels, int height, int width, int storedHeight, int storedWidth, int padding, bool channelsLast)
    {
        var shape = new ImageShape(3, channels, height, width, channelsLast) { StoredHeight = storedHeight, StoredWidth = storedWidth };
        var augmentation = new CropAndFlip(padding, true, BatchCase.Seed, BatchCase.Epoch);
        byte[] set = BatchCase.Set(shape);
        long[] rows = [2, 7, 2];
        Assert.Equal(BatchAssemblyTests.Cpu(set, rows, shape, augmentation, gathered: true), Kernel(set, rows, shape, augmentation, 3, 32, wide: shape.Elements % 4 == 0, gathered: true));
        rows[1] = 0;
        Assert.Equal(BatchAssemblyTests.Cpu(set, rows, shape, augmentation), Kernel(set, rows, shape, augmentation, 2, 64, wide: false));
    }

    [Fact]
    public void AnImageFromOutsideTheSetIsNotANumber()
    {
        var shape = new ImageShape(2, 1, 2, 2);
        float[] batch = Kernel([255, 255, 255, 255, 0, 0, 0, 0], [0, 2, -1, long.MaxValue, 1], shape, default, 2, 32, wide: true);
        Assert.Equal([1, 1, 1, 1, .. Enumerable.Repeat(float.NaN, 12), 0, 0, 0, 0], batch);
    }

    /// <summary>A million images of 3072 numbers, set and batch, of which only the last one has memory.</summary>
    [Fact]
    public void ReachesTheLastImageBeyondTwoToThe31()
    {
        const int images = 1_000_000;
        var shape = new ImageShape(1, 3, 32, 32);
        byte[] last = BatchCase.Set(shape);
        using var set = SimulatedArray<byte>.Window(images * 3072L, (images - 1) * 3072L, last);
        using var rows = SimulatedArray<long>.Window(images, images - 1, [images - 1]);
        using var batch = SimulatedArray<float>.Window(images * 3072L, (images - 1) * 3072L, new float[3072]);
        KernelSimulator.Run(new(2 * images, 64), () => BatchAssembly.Kernel(set.View, rows.View, batch.View, 3, 32, 32, 32, 32, 0, 0, 0, 0),
            [new(2 * images - 2, 0, 0), new(2 * images - 1, 0, 0)]);
        Assert.Equal(last.Select(x => x / 255f), batch.Span.ToArray());
    }

    [Fact]
    public void LabelsFollowTheirRows()
    {
        using var labels = new SimulatedArray<long>([7, 8, 9]);
        using var small = new SimulatedArray<int>([4, 5, 6]);
        using var rows = new SimulatedArray<long>([2, 0, 3, -1, 1]);
        using var result = new SimulatedArray<long>(6);
        KernelSimulator.Run(new(2, 32), () => LabelGather.Kernel(labels.View, rows.View, result.View));
        Assert.Equal([9, 7, -1, -1, 8, -1], result.Span.ToArray());
        result.Span.Fill(3);
        KernelSimulator.Run(new(2, 32), () => LabelGather.Int32Kernel(small.View, rows.View, result.View));
        Assert.Equal([6, 4, -1, -1, 5, 3], result.Span.ToArray());
    }
}
