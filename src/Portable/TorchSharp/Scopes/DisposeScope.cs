using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Owns every tensor made on its thread while it is the innermost open scope, and disposes of them when it is disposed
/// itself, unless they were detached or moved before. Used by one thread only. A disposed scope throws
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    // A tensor remembers its place in this list, so that leaving the scope costs no search.
    private readonly List<IDisposable> held = [];
    private bool disposed;

    internal DisposeScope(DisposeScope? outer) => Outer = outer;

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount => held.Count;

    public IReadOnlyList<IDisposable> DisposablesView => held.ToArray();

    public bool Contains(IDisposable disposable) => Find(disposable) >= 0;

    /// <summary>Takes ownership, also from another scope.</summary>
    public void Attach(IDisposable disposable)
    {
        ThrowIfDisposed();
        if (Contains(disposable))
            return;
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope?.Remove(tensor);
            Adopt(tensor);
        }
        else
        {
            held.Add(disposable);
        }
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = disposables.ToArray();
        foreach (var disposable in attached)
            Attach(disposable);
        return attached;
    }

    /// <summary>Gives up ownership: whoever holds it disposes of it.</summary>
    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    /// <summary>Hands over to the scope around this one; without one, as <see cref="Detach{T}"/>.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(Outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    /// <summary>Hands what this scope owns to <paramref name="scope"/>, or to nobody when that is null. What it does not own stays where it is.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        ThrowIfDisposed();
        scope?.ThrowIfDisposed();
        if (Remove(disposable))
            scope?.Attach(disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            MoveToOther(scope, disposable);
    }

    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Disposes of all it owns except <paramref name="inKeep"/>, which stay its own. The scope remains open.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ThrowIfDisposed();
        Clear(inKeep.ToHashSet(ReferenceEqualityComparer.Instance));
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    /// <summary>Forgets something that was disposed of by other means.</summary>
    public void MarkAsDisposed(IDisposable disposable) => Remove(disposable);

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        DisposeScopeManager.Close(this);
        Clear(keep: null);
    }

    internal void Adopt(Tensor tensor)
    {
        tensor.OwningDisposeScope = this;
        tensor.PlaceInScope = held.Count;
        held.Add(tensor);
    }

    private int Find(IDisposable disposable) => disposable is Tensor tensor
        ? ReferenceEquals(tensor.OwningDisposeScope, this) ? tensor.PlaceInScope : -1
        : held.FindIndex(other => ReferenceEquals(other, disposable));

    private bool Remove(IDisposable disposable)
    {
        int place = Find(disposable);
        if (place < 0)
            return false;
        var last = held[^1];
        held[place] = last;
        if (last is Tensor moved)
            moved.PlaceInScope = place;
        held.RemoveAt(held.Count - 1);
        if (disposable is Tensor tensor)
            tensor.OwningDisposeScope = null;
        return true;
    }

    private void Clear(HashSet<object?>? keep)
    {
        var leaving = held.ToArray();
        held.Clear();
        foreach (var disposable in leaving)
        {
            var tensor = disposable as Tensor;
            if (tensor is not null)
                tensor.OwningDisposeScope = null;
            if (keep is null || !keep.Contains(disposable))
                disposable.Dispose();
            else if (tensor is not null)
                Adopt(tensor);
            else
                held.Add(disposable);
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);
}
