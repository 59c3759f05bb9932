using Lacuna.Gpu;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>
/// Rows of an image set as batches of float images in [0,1]. The order and the augmentation of an epoch depend on the seed,
/// the epoch and the row alone, so that a resumed run sees what an uninterrupted one would.
/// Sets that a device cannot hold come batch by batch, the next one while this one is worked on.
/// </summary>
public sealed class BatchSource
{
    private readonly int[] _rows;
    private readonly BatchMaker _maker;
    private readonly Augmentation _augmentation;

    /// <param name="set">Where the images are.</param>
    /// <param name="rows">Which of its rows, in this order.</param>
    /// <param name="compute">Where batches are put, and the kernels there.</param>
    /// <param name="augmentation">Applied by <see cref="Shuffled"/> only.</param>
    /// <param name="channelsLast">Whether images lie as [B, H, W, C] in memory; their shape is [B, C, H, W] either way.</param>
    public BatchSource(ImageSet set, ReadOnlySpan<int> rows, Compute compute, Augmentation augmentation = default, bool channelsLast = false)
        : this(new BatchMaker(set, compute, BatchMaker.FeedFor(set, compute), channelsLast), rows, augmentation)
    {
    }

    internal BatchSource(BatchMaker maker, ReadOnlySpan<int> rows, Augmentation augmentation)
    {
        augmentation.Validate();
        (_maker, _rows, _augmentation) = (maker, rows.ToArray(), augmentation);
    }

    /// <summary>Rows altogether.</summary>
    public int Count => _rows.Length;

    /// <summary>Batches an epoch makes.</summary>
    public int BatchesFor(int batchSize) => (_rows.Length + batchSize - 1) / batchSize;

    /// <summary>All rows in order, not augmented. The consumer disposes each batch.</summary>
    public IEnumerable<Batch> InOrder(int batchSize) => Batches(_rows, batchSize, Augmentation.None, 0, 0);

    /// <summary>All rows once, in an order drawn for this epoch, augmented. The consumer disposes each batch.</summary>
    public IEnumerable<Batch> Shuffled(DrawSource draws, int epoch, int batchSize)
    {
        var order = Array.ConvertAll(draws.Permutation(_rows.Length, DrawPurpose.Shuffle, epoch), place => _rows[place]);
        return Batches(order, batchSize, _augmentation, draws.Seed, epoch);
    }

    /// <summary>Every row in one batch, in order.</summary>
    public Batch All()
    {
        int[] rows = [.. _rows];
        using var gathered = _maker.Gathers ? _maker.Gather(rows) : null;
        return _maker.Make(rows, Augmentation.None, 0, 0, gathered);
    }

    private IEnumerable<Batch> Batches(int[] order, int batchSize, Augmentation augmentation, ulong seed, int epoch)
    {
        var batches = order.Chunk(batchSize);
        if (!_maker.Gathers) return batches.Select(rows => _maker.Make(rows, augmentation, seed, epoch, null));
        return Ahead.Of(batches, _maker.Gather, (rows, gathered) => _maker.Make(rows, augmentation, seed, epoch, gathered));
    }
}
