using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// Dropout (Srivastava et al. 2014) with a generator of its own: what is dropped follows from a seed alone, whatever else draws from the tensor library's one
/// generator meanwhile. Drawn on the CPU, so that every device drops the same.
/// </summary>
internal sealed class SeededDropout : nn.Module<Tensor, Tensor>
{
    private readonly double _share;
    private readonly Generator _generator = new(seed: 0);

    /// <param name="share">Probability that an element is set to zero in training; the others are divided by 1 - share.</param>
    public SeededDropout(double share) : base(nameof(SeededDropout))
    {
        _share = share;
        RegisterComponents();
    }

    /// <summary>Starts the draws anew.</summary>
    public void Seed(ulong seed) => _generator.manual_seed((long)(seed >> 1));

    public override Tensor forward(Tensor input)
    {
        if (!training) return input.alias();
        using var drawn = rand(input.shape, dtype: ScalarType.Float32, generator: _generator);
        using var kept = drawn >= _share;
        using var there = Upload.To(kept, input.device);
        using var factors = there.to(input.dtype) / (1 - _share);
        return input * factors;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _generator.Dispose();
        base.Dispose(disposing);
    }
}
