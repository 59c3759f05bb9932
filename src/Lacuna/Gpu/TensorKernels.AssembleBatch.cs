using Lacuna.Data;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Rows of a set of images as floats in [0,1], cropped and mirrored by draws that depend on (seed, epoch, row) alone, so that every way gives the same bits. A row outside the set
    /// is an error where rows can be looked at, and an image of NaN where a kernel meets it.
    /// </summary>
    /// <param name="set">[M, C, H, W] uint8.</param>
    /// <param name="rows">[B] int64, on the set's device.</param>
    /// <param name="augmentation">Crop and mirror.</param>
    /// <param name="seed">Of the run's draws.</param>
    /// <param name="epoch">The draws' step.</param>
    /// <param name="channelsLast">Whether the result is [B, H, W, C] instead of [B, C, H, W].</param>
    public Tensor AssembleBatch(Tensor set, Tensor rows, Augmentation augmentation = default, ulong seed = 0, int epoch = 0, bool channelsLast = false)
    {
        Require.Plain(set, nameof(set), nameof(AssembleBatch), ScalarType.Byte);
        Require.Plain(rows, nameof(rows), nameof(AssembleBatch), ScalarType.Int64);
        Require.Beside(rows, nameof(rows), set, nameof(AssembleBatch));
        if (set.dim() != 4)
            throw new ArgumentException($"{nameof(AssembleBatch)}: '{nameof(set)}' is {Require.Shape(set)}; it must be [M, C, H, W].", nameof(set));
        var batch = rows.numel();
        Require.Shaped(rows, nameof(rows), nameof(AssembleBatch), batch);
        var way = WayFor(set);
        if (way == Way.Operators) return AssembleByOperators(set, rows, augmentation, new DrawSource(seed), epoch, channelsLast);
        var shape = new ImageShape(set.size(0), checked((int)set.size(1)), checked((int)set.size(2)), checked((int)set.size(3)), channelsLast);
        var result = empty(channelsLast ? [batch, shape.Height, shape.Width, shape.Channels] : [batch, shape.Channels, shape.Height, shape.Width], dtype: ScalarType.Float32, device: set.device);
        if (way == Way.Cpu)
        {
            BatchAssembly.Cpu(Bytes(set), Longs(rows), Floats(result), batch, shape, new CropAndFlip(augmentation.CropPadding, augmentation.Flip, seed, epoch));
            return result;
        }
        var wide = shape.Elements % 4 == 0 ? Wide(result) : 0;
        Launch("BatchAssembly.Kernel", set, LaunchSize.For(batch * LaunchSize.ForElements(shape.Elements, BatchAssembly.TileSize).X), View(set), View(rows), View(result),
            shape.Channels, shape.Height, shape.Width, channelsLast ? 1 : 0, augmentation.CropPadding, augmentation.Flip ? 1 : 0, (long)seed, epoch, wide);
        return result;
    }

    private static Tensor AssembleByOperators(Tensor set, Tensor rows, Augmentation augmentation, DrawSource draws, int epoch, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var images = set.index_select(0, rows).to(ScalarType.Float32).div_(255);
        if (augmentation != Augmentation.None)
        {
            var (padding, height, width) = (augmentation.CropPadding, set.size(2), set.size(3));
            var padded = nn.functional.pad(images, (padding, padding, padding, padding));
            var backwards = arange(width - 1, -1, -1, dtype: ScalarType.Int64, device: set.device);
            var places = rows.cpu().data<long>().ToArray();
            for (var b = 0; b < places.Length; b++)
            {
                using var step = NewDisposeScope();
                var (top, left, mirror) = augmentation.Draw(draws, epoch, (int)places[b]);
                var crop = padded.select(0, b).narrow(1, padding + top, height).narrow(2, padding + left, width);
                images.select(0, b).copy_(mirror ? crop.index_select(2, backwards) : crop);
            }
        }
        return (channelsLast ? images.permute(0, 2, 3, 1).contiguous() : images).MoveToOuterDisposeScope();
    }
}
