using Lacuna.Gpu;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>
/// Rows of an image set as batches of float images in [0,1]. The order and the augmentation of an epoch depend on the seed,
/// the epoch and the row alone, so that a resumed run sees what an uninterrupted one would.
/// </summary>
public sealed class BatchSource
{
    private readonly ImageSet _set;
    private readonly int[] _rows;
    private readonly Compute _compute;
    private readonly Augmentation _augmentation;
    private readonly bool _channelsLast;

    /// <param name="set">Where the images are.</param>
    /// <param name="rows">Which of its rows, in this order.</param>
    /// <param name="compute">Where batches are put, and the kernels there.</param>
    /// <param name="augmentation">Applied by <see cref="Shuffled"/> only.</param>
    /// <param name="channelsLast">Whether images lie as [B, H, W, C] in memory; their shape is [B, C, H, W] either way.</param>
    public BatchSource(ImageSet set, ReadOnlySpan<int> rows, Compute compute, Augmentation augmentation = default, bool channelsLast = false)
    {
        _set = set;
        _rows = rows.ToArray();
        _compute = compute;
        _augmentation = augmentation;
        _channelsLast = channelsLast;
    }

    /// <summary>Rows altogether.</summary>
    public int Count => _rows.Length;

    /// <summary>Batches an epoch makes.</summary>
    public int BatchesFor(int batchSize) => (_rows.Length + batchSize - 1) / batchSize;

    /// <summary>All rows in order, not augmented. The consumer disposes each batch.</summary>
    public IEnumerable<Batch> InOrder(int batchSize)
    {
        for (var start = 0; start < _rows.Length; start += batchSize)
            yield return Make(_rows.AsSpan(start, Math.Min(batchSize, _rows.Length - start)).ToArray());
    }

    /// <summary>All rows once, in an order drawn for this epoch, augmented. The consumer disposes each batch.</summary>
    public IEnumerable<Batch> Shuffled(DrawSource draws, int epoch, int batchSize)
    {
        var order = draws.Permutation(_rows.Length, DrawPurpose.Shuffle, epoch);
        for (var start = 0; start < order.Length; start += batchSize)
        {
            var rows = order.AsSpan(start, Math.Min(batchSize, order.Length - start)).ToArray().Select(p => _rows[p]).ToArray();
            yield return Make(rows, _augmentation, draws.Seed, epoch);
        }
    }

    /// <summary>Every row in one batch, in order.</summary>
    public Batch All() => Make([.. _rows]);

    private Batch Make(int[] rows, Augmentation augmentation = default, ulong seed = 0, int epoch = 0)
    {
        var (pixels, labels) = _set.On(_compute.Device);
        using var index = tensor(Array.ConvertAll(rows, row => (long)row), device: _compute.Device);
        var images = _compute.Kernels.AssembleBatch(pixels, index, augmentation, seed, epoch, _channelsLast);
        if (_channelsLast)
        {
            using var interleaved = images;
            images = interleaved.permute(0, 3, 1, 2);
        }
        return new Batch(images, _compute.Kernels.GatherLabels(labels, index), rows);
    }
}
