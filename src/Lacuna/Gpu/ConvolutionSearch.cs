namespace Lacuna.Gpu;

/// <summary>
/// While this lives, a GPU's convolutions are timed on each shape when it first comes and run by the fastest algorithm from then on: worth it where batches have one size, or two with a
/// last short one, whose choice is kept as well. Algorithms differ in rounding, and timings from run to run. Nothing happens where the stack has no such search; a CPU has none.
/// </summary>
internal sealed class ConvolutionSearch : IDisposable
{
    private readonly ITensorStack _stack;
    private readonly bool _before;

    public ConvolutionSearch(ITensorStack stack)
    {
        _stack = stack;
        if (!stack.HasConvolutionSearch) return;
        _before = stack.SearchesConvolutions;
        stack.SearchesConvolutions = true;
    }

    public void Dispose()
    {
        if (_stack.HasConvolutionSearch) _stack.SearchesConvolutions = _before;
    }
}
