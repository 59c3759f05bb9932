namespace Lacuna.Profiling;

/// <summary>Is told where a run's time goes. Spans lie within each other: what was begun last ends first.</summary>
public interface IProfiler
{
    /// <summary>A span begins.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Which one; the same name for the same work.</param>
    /// <param name="images">Images that go through it; 0 where none do, and for a part of a pass those of the pass.</param>
    void Begin(SpanKind kind, string name, long images);

    /// <summary>The span that was begun last ends.</summary>
    void End();
}
