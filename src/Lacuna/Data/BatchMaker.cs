using System.Collections.Concurrent;
using Lacuna.Gpu;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>Makes batches of an image set's rows, with the same bits whatever way the pixels take; channels-last ones lie as [B, H, W, C] in memory and have the shape [B, C, H, W].</summary>
internal sealed class BatchMaker(ImageSet set, Compute compute, PixelFeed feed, bool channelsLast)
{
    // A quarter of the memory of the smallest devices people train on; Tiny ImageNet fits, ImageNet does not.
    private const long ResidentBytes = 2L << 30;

    // What a thread copies at least, so that handing it over is worth it.
    private const int CopyBytes = 1 << 18;

    /// <summary>Whether <see cref="Gather"/> comes first.</summary>
    public bool Gathers => feed == PixelFeed.Gathered;

    public static PixelFeed FeedFor(ImageSet set, Compute compute) =>
        compute.Kernels.HasCpuPaths(compute.Device) ? PixelFeed.Direct
        : compute.Device.type != TorchSharp.DeviceType.CPU && set.Pixels.Length <= ResidentBytes ? PixelFeed.Resident
        : PixelFeed.Gathered;

    /// <summary>The stored images [B, C, H', W'] of some rows, in memory. On any thread; the caller disposes them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the set.</exception>
    public unsafe Tensor Gather(int[] rows)
    {
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)set.Count) throw new ArgumentOutOfRangeException(nameof(rows), row, $"{set.Name} has {set.Count} images.");
        }
        var images = empty([rows.Length, set.Channels, set.StoredHeight, set.StoredWidth], dtype: ScalarType.Byte).DetachFromDisposeScope();
        try
        {
            if (rows.Length == 0) return images;
            var to = (byte*)TensorStack.Current.DataPointer(images);
            var length = set.ImageLength;
            Parallel.ForEach(Partitioner.Create(0, rows.Length, Math.Max(1, CopyBytes / length)), range =>
            {
                for (var i = range.Item1; i < range.Item2; i++) set.Image(rows[i]).CopyTo(new Span<byte>(to + (long)i * length, length));
            });
            if (compute.Device.type != TorchSharp.DeviceType.CUDA) return images;
            // Here, and not where it is sent, because this is the thread that has time.
            using (images) return images.pin_memory().DetachFromDisposeScope();
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>The batch of some rows; <paramref name="gathered"/> are their stored images where that is the way.</summary>
    public Batch Make(int[] rows, Augmentation augmentation, ulong seed, int epoch, Tensor? gathered)
    {
        using var span = compute.Kernels.Profiler.Span(SpanKind.Data, "batch", rows.Length);
        if (feed == PixelFeed.Direct)
            return new Batch(Shaped(compute.Kernels.AssembleBatch(set, rows, augmentation, seed, epoch, channelsLast)), LabelsOf(rows), rows);
        using var index = Upload.Taking(tensor(Array.ConvertAll(rows, row => (long)row)), compute.Device);
        if (feed == PixelFeed.Resident)
        {
            var (pixels, labels) = set.On(compute.Device);
            return new Batch(Assemble(pixels, rows, index, augmentation, seed, epoch), compute.Kernels.GatherLabels(labels, index), rows);
        }
        using var moved = compute.Device.type == TorchSharp.DeviceType.CPU ? null : Upload.To(gathered!, compute.Device);
        return new Batch(Assemble(moved ?? gathered!, rows, index, augmentation, seed, epoch), LabelsOf(rows), rows);
    }

    private Tensor Assemble(Tensor pixels, int[] rows, Tensor index, Augmentation augmentation, ulong seed, int epoch)
    {
        if (augmentation.ResizedCrop == 0)
            return Shaped(compute.Kernels.AssembleBatch(pixels, index, augmentation, seed, epoch, channelsLast, (set.Height, set.Width), Gathers));
        var rectangles = augmentation.DrawRectangles(new DrawSource(seed), epoch, rows, set.StoredHeight, set.StoredWidth);
        using var crops = Upload.Taking(tensor(rectangles, [rows.Length, Kernels.ResizedCrop.CropSize]), compute.Device);
        return Shaped(compute.Kernels.ResizeCrops(pixels, index, crops, set.Height, set.Width, channelsLast, Gathers));
    }

    private Tensor Shaped(Tensor images)
    {
        if (!channelsLast) return images;
        using var interleaved = images;
        return interleaved.permute(0, 3, 1, 2);
    }

    private Tensor LabelsOf(int[] rows)
    {
        var labels = set.Labels;
        return Upload.Taking(tensor(Array.ConvertAll(rows, row => (long)labels.Span[row])), compute.Device);
    }
}
