using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// A rectangle of each of some rows of a set of images, scaled to one size (bilinear, antialiased as by Pillow and PyTorch, in exact numbers that are rounded once) and mirrored or not, as floats in
    /// [0,1]; every way gives the same bits. A row outside the set or a rectangle outside its image is an error where they can be looked at, and an image of NaN where a kernel meets it.
    /// </summary>
    /// <param name="set">[M, C, H', W'] uint8; when <paramref name="gathered"/>, [B, C, H', W'].</param>
    /// <param name="rows">[B] int64, on the set's device.</param>
    /// <param name="crops">[B, 5] int32 there: top, left, height, width, and 1 for mirrored, as <see cref="Data.Augmentation.DrawRectangles"/> makes them.</param>
    /// <param name="height">H of the result; larger than H' is fine.</param>
    /// <param name="width">W of the result.</param>
    /// <param name="channelsLast">Whether the result is [B, H, W, C] instead of [B, C, H, W].</param>
    /// <param name="gathered">Whether the set holds the batch's images alone, in order, and nothing is read of the rows.</param>
    public Tensor ResizeCrops(Tensor set, Tensor rows, Tensor crops, int height, int width, bool channelsLast = false, bool gathered = false)
    {
        using var timed = Timed(nameof(ResizeCrops));
        var batch = RequireSet(set, rows, gathered, nameof(ResizeCrops));
        Require.Plain(crops, nameof(crops), nameof(ResizeCrops), ScalarType.Int32);
        Require.Beside(crops, nameof(crops), set, nameof(ResizeCrops));
        Require.Shaped(crops, nameof(crops), nameof(ResizeCrops), batch, ResizedCrop.CropSize);
        var shape = new ImageShape(set.size(0), checked((int)set.size(1)), height, width, channelsLast) { StoredHeight = checked((int)set.size(2)), StoredWidth = checked((int)set.size(3)) };
        ResizedCrop.Validate(shape);
        var way = WayFor(set);
        if (way == Way.Operators) return ResizeByOperators(set, rows, crops, shape, gathered);
        var result = NewBatch(batch, shape, set.device);
        if (way == Way.Cpu)
            ResizedCrop.Cpu(Bytes(set), Longs(rows), (int*)Bytes(crops), Floats(result), batch, shape, gathered);
        else
            Launch("ResizedCrop.Kernel", set, LaunchSize.For(batch * LaunchSize.ForElements(shape.Elements, ResizedCrop.TileSize).X), View(set), View(rows), View(crops), View(result),
                shape.Channels, height, width, shape.StoredHeight, shape.StoredWidth, channelsLast ? 1 : 0, gathered ? 1 : 0);
        return result;
    }

    // Two products of matrices of whole numbers, which float64 holds exactly.
    private static Tensor ResizeByOperators(Tensor set, Tensor rows, Tensor crops, ImageShape shape, bool gathered)
    {
        using var scope = NewDisposeScope();
        var stored = gathered ? set : set.index_select(0, rows);
        var images = empty([rows.numel(), shape.Channels, shape.Height, shape.Width], dtype: ScalarType.Float32, device: set.device);
        var table = crops.cpu().data<int>().ToArray();
        for (var b = 0; b < rows.numel(); b++)
        {
            using var step = NewDisposeScope();
            var (top, left, height, width) = (table[5 * b], table[5 * b + 1], table[5 * b + 2], table[5 * b + 3]);
            var (lines, columns) = (ResizeWeights(height, shape.Height, set.device), ResizeWeights(width, shape.Width, set.device));
            if (table[5 * b + 4] != 0) columns = columns.flip(0);
            var part = stored.select(0, b).narrow(1, top, height).narrow(2, left, width).to(ScalarType.Float64);
            var sums = lines.matmul(part).matmul(columns.transpose(0, 1));
            var totals = lines.sum(dim: 1).unsqueeze(1) * columns.sum(dim: 1).unsqueeze(0) * 255;
            images.select(0, b).copy_(sums / totals);
        }
        return (shape.ChannelsLast ? images.permute(0, 2, 3, 1).contiguous() : images).MoveToOuterDisposeScope();
    }

    // [to, from], the weights of ResizeAxis.
    private static Tensor ResizeWeights(int from, int to, Device device)
    {
        var source = (arange(from, dtype: ScalarType.Float64, device: device) * 2 + 1) * to;
        var target = (arange(to, dtype: ScalarType.Float64, device: device) * 2 + 1) * from;
        return (source.unsqueeze(0) - target.unsqueeze(1)).abs().neg().add(2.0 * Math.Max(from, to)).clamp_min(0);
    }
}
