namespace Lacuna.Profiling;

/// <summary>Spans for code that may or may not be profiled; without a profiler one comparison is all they cost.</summary>
public static class ProfilerSpans
{
    /// <summary>A span from now until the result is disposed of. See <see cref="IProfiler.Begin"/>.</summary>
    public static ProfiledSpan Span(this IProfiler? profiler, SpanKind kind, string name, long images = 0)
    {
        profiler?.Begin(kind, name, images);
        return new(profiler);
    }
}
