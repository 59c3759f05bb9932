using Lacuna.Data;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Rows of a set of images as floats in [0,1]: of each the middle, moved and mirrored by draws that depend on (seed, epoch, row) alone, so that every way gives the same bits. A row outside the set
    /// is an error where rows can be looked at, and an image of NaN where a kernel meets it.
    /// </summary>
    /// <param name="set">[M, C, H', W'] uint8; when <paramref name="gathered"/>, [B, C, H', W'].</param>
    /// <param name="rows">[B] int64, on the set's device.</param>
    /// <param name="augmentation">Crop and mirror; for a resized crop take <see cref="ResizeCrops"/>.</param>
    /// <param name="seed">Of the run's draws.</param>
    /// <param name="epoch">The draws' step.</param>
    /// <param name="channelsLast">Whether the result is [B, H, W, C] instead of [B, C, H, W].</param>
    /// <param name="size">H and W, at most H' and W'; these when null.</param>
    /// <param name="gathered">Whether the set holds the batch's images alone, in order, and rows only says whose draws they take.</param>
    public Tensor AssembleBatch(Tensor set, Tensor rows, Augmentation augmentation = default, ulong seed = 0, int epoch = 0, bool channelsLast = false,
        (int Height, int Width)? size = null, bool gathered = false)
    {
        using var timed = Timed(nameof(AssembleBatch));
        var batch = RequireSet(set, rows, gathered, nameof(AssembleBatch));
        augmentation.Validate();
        if (augmentation.ResizedCrop > 0)
            throw new ArgumentException($"{nameof(AssembleBatch)} makes no resized crops. Call {nameof(ResizeCrops)} with their rectangles.", nameof(augmentation));
        var (storedHeight, storedWidth) = (checked((int)set.size(2)), checked((int)set.size(3)));
        var (height, width) = size ?? (storedHeight, storedWidth);
        if (height < 0 || height > storedHeight || width < 0 || width > storedWidth)
            throw new ArgumentException($"{nameof(AssembleBatch)}: images of {height}x{width} cannot be cut out of '{nameof(set)}', which has {storedHeight}x{storedWidth}.", nameof(size));
        var shape = new ImageShape(set.size(0), checked((int)set.size(1)), height, width, channelsLast) { StoredHeight = storedHeight, StoredWidth = storedWidth };
        var way = WayFor(set);
        if (way == Way.Operators) return AssembleByOperators(set, rows, augmentation, new DrawSource(seed), epoch, shape, gathered);
        var result = NewBatch(batch, shape, set.device);
        if (way == Way.Cpu)
        {
            BatchAssembly.Cpu(Bytes(set), Longs(rows), Floats(result), batch, shape, new CropAndFlip(augmentation.CropPadding, augmentation.Flip, seed, epoch), gathered);
            return result;
        }
        var wide = shape.Elements % 4 == 0 && Wide(result) != 0;
        Launch("BatchAssembly.Kernel", set, LaunchSize.For(batch * LaunchSize.ForElements(shape.Elements, BatchAssembly.TileSize).X), View(set), View(rows), View(result),
            shape.Channels, height, width, storedHeight, storedWidth, augmentation.CropPadding, (long)seed, epoch, BatchAssembly.Options(channelsLast, augmentation.Flip, gathered, wide));
        return result;
    }

    /// <summary>
    /// As the other and <see cref="ResizeCrops"/>, straight from the memory that the set lies in, be it larger than the machine's. Only where <see cref="HasCpuPaths"/>; the result is on the CPU.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the set.</exception>
    public Tensor AssembleBatch(ImageSet set, ReadOnlySpan<int> rows, Augmentation augmentation = default, ulong seed = 0, int epoch = 0, bool channelsLast = false)
    {
        using var timed = Timed(nameof(AssembleBatch));
        if (!HasCpuPaths(CPU)) throw new InvalidOperationException("Only the kernels' CPU paths read a set's own memory. Put the images into a tensor.");
        augmentation.Validate();
        var shape = new ImageShape(set.Count, set.Channels, set.Height, set.Width, channelsLast) { StoredHeight = set.StoredHeight, StoredWidth = set.StoredWidth };
        var places = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++) places[i] = rows[i];
        var result = NewBatch(rows.Length, shape, CPU);
        using var pixels = set.Pixels.Pin();
        fixed (long* place = places)
        {
            if (augmentation.ResizedCrop == 0)
            {
                BatchAssembly.Cpu((byte*)pixels.Pointer, place, Floats(result), rows.Length, shape, new CropAndFlip(augmentation.CropPadding, augmentation.Flip, seed, epoch));
                return result;
            }
            fixed (int* crops = augmentation.DrawRectangles(new DrawSource(seed), epoch, rows, set.StoredHeight, set.StoredWidth))
                ResizedCrop.Cpu((byte*)pixels.Pointer, place, crops, Floats(result), rows.Length, shape);
        }
        return result;
    }

    private static long RequireSet(Tensor set, Tensor rows, bool gathered, string operation)
    {
        Require.Plain(set, nameof(set), operation, ScalarType.Byte);
        Require.Plain(rows, nameof(rows), operation, ScalarType.Int64);
        Require.Beside(rows, nameof(rows), set, operation);
        if (set.dim() != 4)
            throw new ArgumentException($"{operation}: '{nameof(set)}' is {Require.Shape(set)}; it must be [M, C, H, W].", nameof(set));
        var batch = rows.numel();
        Require.Shaped(rows, nameof(rows), operation, batch);
        if (gathered) Require.Shaped(set, nameof(set), operation, batch, set.size(1), set.size(2), set.size(3));
        return batch;
    }

    private static Tensor NewBatch(long batch, ImageShape shape, Device device) =>
        empty(shape.ChannelsLast ? [batch, shape.Height, shape.Width, shape.Channels] : [batch, shape.Channels, shape.Height, shape.Width], dtype: ScalarType.Float32, device: device);

    private static Tensor AssembleByOperators(Tensor set, Tensor rows, Augmentation augmentation, DrawSource draws, int epoch, ImageShape shape, bool gathered)
    {
        using var scope = NewDisposeScope();
        var (top, left) = (ImageShape.Middle(shape.StoredHeight, shape.Height), ImageShape.Middle(shape.StoredWidth, shape.Width));
        var stored = (gathered ? set : set.index_select(0, rows)).to(ScalarType.Float32).div_(255);
        var images = stored.narrow(2, top, shape.Height).narrow(3, left, shape.Width).contiguous();
        if (augmentation != Augmentation.None)
        {
            var padding = augmentation.CropPadding;
            var padded = nn.functional.pad(stored, (padding, padding, padding, padding));
            var backwards = arange(shape.Width - 1, -1, -1, dtype: ScalarType.Int64, device: set.device);
            var places = rows.cpu().data<long>().ToArray();
            var moved = empty_like(images);
            for (var b = 0; b < places.Length; b++)
            {
                using var step = NewDisposeScope();
                var (down, right, mirror) = augmentation.Draw(draws, epoch, (int)places[b]);
                var crop = padded.select(0, b).narrow(1, padding + top + down, shape.Height).narrow(2, padding + left + right, shape.Width);
                moved.select(0, b).copy_(mirror ? crop.index_select(2, backwards) : crop);
            }
            images = moved;
        }
        return (shape.ChannelsLast ? images.permute(0, 2, 3, 1).contiguous() : images).MoveToOuterDisposeScope();
    }
}
