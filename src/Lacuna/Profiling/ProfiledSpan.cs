namespace Lacuna.Profiling;

/// <summary>A span that ends when this is disposed of; nothing where nobody listens.</summary>
public readonly struct ProfiledSpan(IProfiler? profiler) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => profiler?.End();
}
