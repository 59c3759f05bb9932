using Lacuna.Gpu;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>A change of images that keeps what they show, so that a label stays true. What happens to an image depends on (seed, data set, row) alone: not on its batch, nor on the model that is shown it.</summary>
public abstract record Corruption
{
    /// <summary>Short name with the parameters, for axes and tables.</summary>
    public abstract string Name { get; }

    /// <summary>Changed copies of images, on their device; the caller owns them.</summary>
    /// <param name="images">[B, C, H, W] float32 in [0,1].</param>
    /// <param name="rows">Row of every image in its data set.</param>
    /// <param name="draws">All random numbers.</param>
    /// <param name="part">Number of the data set, so that row 5 of the test images is drawn for apart from row 5 of the training images.</param>
    /// <param name="cancellation">Checked before every image.</param>
    public unsafe Tensor Apply(Tensor images, IReadOnlyList<int> rows, DrawSource draws, int part, CancellationToken cancellation = default)
    {
        if (images.dim() != 4 || images.size(0) != rows.Count || images.dtype != ScalarType.Float32)
            throw new ArgumentException($"{rows.Count} rows need {rows.Count} float32 images [B, C, H, W], not [{string.Join(", ", images.shape)}] of {images.dtype}.", nameof(images));
        using var scope = NewDisposeScope();
        var work = images.contiguous().to(CPU, copy: true);
        var (channels, height, width) = ((int)images.size(1), (int)images.size(2), (int)images.size(3));
        var length = channels * height * width;
        // Refuses sizes that it cannot change here, and not inside the loop, whose exceptions come out wrapped.
        Corruptor? ready = For(channels, height, width);
        var first = (float*)TensorStack.Current.DataPointer(work);
        Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = cancellation }, () => Interlocked.Exchange(ref ready, null) ?? For(channels, height, width), (i, _, corruptor) =>
        {
            corruptor.Apply(new Span<float>(first + (long)i * length, length), draws, part, rows[i]);
            return corruptor;
        }, _ => { });
        return work.to(images.device).MoveToOuterDisposeScope();
    }

    /// <summary>Memory and tables for one thread.</summary>
    internal abstract Corruptor For(int channels, int height, int width);
}
