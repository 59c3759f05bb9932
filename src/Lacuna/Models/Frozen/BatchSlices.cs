using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>
/// A batch cut into parts that go through the whole network one after another, so that what a layer leaves is still in the processor's last cache when the next one reads it: rows do not
/// know of each other. Only on the CPU, and only for small networks: each part reads all weights again.
/// </summary>
/// <param name="Rows">Of the batch.</param>
/// <param name="Size">Rows of a part; the last may have fewer.</param>
internal readonly record struct BatchSlices(long Rows, long Size)
{
    // Places of the images of a part, 64 of 32x32: 4 MiB for 16 channels. Of parts of 8 to 512 images of ResNet-20 those of 32 and 64 took least time of a processor.
    private const long Places = 1 << 16;

    // Weights of a network with which parts pay; ours are four times as large where they are ready for use. ResNet-56 has 0.85 million, ResNet-18 eleven, where parts cost more than they save.
    private const long MostWeights = 1 << 20;

    /// <summary>The parts of a batch of images [N, C, H, W].</summary>
    public static BatchSlices Of(Tensor images, FrozenChain chain)
    {
        var rows = images.size(0);
        if (images.device.type != DeviceType.CPU || chain.Layers.Sum(layer => layer.Weights) > MostWeights) return new(rows, rows);
        return new(rows, Math.Max(1, Places / (images.size(2) * images.size(3))));
    }

    /// <summary>How many parts there are.</summary>
    public int Count => Rows <= Size ? 1 : (int)((Rows + Size - 1) / Size);

    /// <summary>What a pass makes of each part, put together. Whoever called owns it.</summary>
    /// <param name="batch">Has N rows.</param>
    /// <param name="pass">Given rows of the batch and the part's number.</param>
    /// <param name="dimension">In which the rows lie, before the pass and after it.</param>
    public Tensor Map(Tensor batch, Func<Tensor, int, Tensor> pass, int dimension = 0)
    {
        if (Count == 1) return pass(batch, 0);
        using var scope = NewDisposeScope();
        var results = new List<Tensor>();
        for (var (i, first) = (0, 0L); first < Rows; i++, first += Size)
        {
            using var inner = NewDisposeScope();
            results.Add(pass(batch.narrow(dimension, first, Math.Min(Size, Rows - first)), i).MoveToOuterDisposeScope());
        }
        return cat(results, dimension).MoveToOuterDisposeScope();
    }
}
