using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>CPU and GPU must give the same batch, to the bit.</summary>
public sealed class ResizedCropKernelTests
{
    public static TheoryData<int, int, int, int, int, bool> Shapes => ResizeCase.Shapes;

    private static float[] Kernel(byte[] set, long[] rows, int[] crops, ImageShape shape, int groups, bool gathered = false)
    {
        using var s = new SimulatedArray<byte>([9, .. set, 9]);
        using var r = new SimulatedArray<long>([-9, .. rows, -9]);
        using var c = new SimulatedArray<int>([-9, .. crops, -9]);
        using var b = new SimulatedArray<float>(3 + rows.Length * shape.Elements + 1);
        var (vs, vr, vc, vb) = (s.View.SubView(1, set.Length), r.View.SubView(1, rows.Length), c.View.SubView(1, crops.Length), b.View.SubView(3, rows.Length * shape.Elements));
        KernelSimulator.Run(new(groups, 64), () => ResizedCrop.Kernel(vs, vr, vc, vb, shape.Channels, shape.Height, shape.Width, shape.StoredHeight, shape.StoredWidth,
            shape.ChannelsLast ? 1 : 0, gathered ? 1 : 0));
        Assert.All(b.Span[..3].ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(b.Span[^1]));
        return b.Span[3..^1].ToArray();
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheCpuPath(int channels, int storedHeight, int storedWidth, int height, int width, bool channelsLast)
    {
        var shape = ResizeCase.Shape(3, channels, storedHeight, storedWidth, height, width, channelsLast);
        byte[] set = BatchCase.Set(shape);
        long[] rows = [2, 0, 2];
        int[] crops = ResizeCase.Crops(rows.Length, shape);
        Assert.Equal(ResizedCropTests.Cpu(set, rows, crops, shape), Kernel(set, rows, crops, shape, 2));
        Assert.Equal(ResizedCropTests.Cpu(set, rows, crops, shape, gathered: true), Kernel(set, [9, -1, 0], crops, shape, 5, gathered: true));
    }

    [Fact]
    public void WhatIsNotThereIsNotANumber()
    {
        var shape = ResizeCase.Shape(2, 1, 2, 2, 1, 1, false);
        byte[] set = [255, 255, 255, 255, 0, 0, 0, 0];
        Assert.Equal([1, float.NaN, float.NaN, 0], Kernel(set, [0, 2, -1, 1], [0, 0, 2, 2, 0, 0, 0, 2, 2, 0, 0, 0, 2, 2, 0, 1, 1, 1, 1, 1], shape, 2));
        Assert.Equal([float.NaN, float.NaN, float.NaN], Kernel(set, [0, 0, 0], [1, 0, 2, 1, 0, 0, -1, 1, 1, 0, 0, 0, 1, 0, 0], shape, 2));
    }

    /// <summary>A million images of 3072 numbers, of which only the last one has memory.</summary>
    [Fact]
    public void ReachesTheLastImageBeyondTwoToThe31()
    {
        const int images = 1_000_000;
        var shape = ResizeCase.Shape(1, 3, 32, 32, 32, 32, false);
        byte[] last = BatchCase.Set(shape);
        int[] crop = [3, 4, 20, 17, 1];
        using var set = SimulatedArray<byte>.Window(images * 3072L, (images - 1) * 3072L, last);
        using var rows = SimulatedArray<long>.Window(images, images - 1, [images - 1]);
        using var crops = SimulatedArray<int>.Window(images * 5L, (images - 1) * 5L, crop);
        using var batch = SimulatedArray<float>.Window(images * 3072L, (images - 1) * 3072L, new float[3072]);
        KernelSimulator.Run(new(3 * images, 64), () => ResizedCrop.Kernel(set.View, rows.View, crops.View, batch.View, 3, 32, 32, 32, 32, 0, 0),
            [new(3 * images - 3, 0, 0), new(3 * images - 2, 0, 0), new(3 * images - 1, 0, 0)]);
        Assert.Equal(ResizedCropTests.Cpu(last, [0], crop, shape), batch.Span.ToArray());
    }
}
