namespace Lacuna.Profiling;

/// <summary>
/// Adds up spans as a tree, from when it is made: its memory does not grow with the run. Takes the spans of the thread that made it; what others do beside it costs the run no time of its own.
/// </summary>
public sealed class SpanRecorder : IProfiler
{
    private readonly TimeProvider _clock;
    private readonly Action? _synchronise;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Stack<(Sum Sum, long Start)> _open = [];
    private readonly Sum _root;

    /// <param name="name">Of the whole.</param>
    /// <param name="clock">Time.</param>
    /// <param name="synchronise">Waits until the device has done all its work, at every border, so that a span holds what it began; null where calls return when the work is done.</param>
    public SpanRecorder(string name, TimeProvider clock, Action? synchronise = null)
    {
        (_clock, _synchronise, _root) = (clock, synchronise, new Sum(SpanKind.Phase, name, null));
        _synchronise?.Invoke();
        _open.Push((_root, clock.GetTimestamp()));
    }

    /// <inheritdoc/>
    public void Begin(SpanKind kind, string name, long images)
    {
        if (Environment.CurrentManagedThreadId != _thread) return;
        _synchronise?.Invoke();
        var sum = _open.Peek().Sum.Within(kind, name);
        sum.Images += images;
        _open.Push((sum, _clock.GetTimestamp()));
    }

    /// <inheritdoc/>
    public void End()
    {
        if (Environment.CurrentManagedThreadId != _thread) return;
        if (_open.Count == 1) throw new InvalidOperationException("More spans end than were begun.");
        Close();
    }

    /// <summary>Ends the whole; nothing is taken after that.</summary>
    /// <exception cref="InvalidOperationException">A span is still under way.</exception>
    public SpanNode Finish()
    {
        if (_open.Count != 1) throw new InvalidOperationException($"'{_open.Peek().Sum.Name}' is still under way.");
        Close();
        return _root.ToNode();
    }

    private void Close()
    {
        _synchronise?.Invoke();
        var (sum, start) = _open.Pop();
        sum.Calls++;
        sum.Seconds += _clock.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Sum(SpanKind kind, string name, Sum? parent)
    {
        private readonly List<Sum> _children = [];

        public string Name => name;

        public long Calls { get; set; }

        public long Images { get; set; }

        public double Seconds { get; set; }

        private long ImagesOfPass => kind == SpanKind.Pass && Images == 0 ? parent?.ImagesOfPass ?? 0 : Images;

        // Few: a search is faster than a table.
        public Sum Within(SpanKind kind, string name)
        {
            foreach (var child in _children)
            {
                if (child.Is(kind, name)) return child;
            }
            var added = new Sum(kind, name, this);
            _children.Add(added);
            return added;
        }

        public SpanNode ToNode() => new(kind, name, Calls, ImagesOfPass, Seconds, [.. _children.Select(child => child.ToNode())]);

        private bool Is(SpanKind otherKind, string otherName) => kind == otherKind && name == otherName;
    }
}
