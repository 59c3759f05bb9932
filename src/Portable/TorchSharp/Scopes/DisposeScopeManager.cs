namespace TorchSharp;

/// <summary>The open dispose scopes of each thread; a scope opened on one thread is unknown to every other.</summary>
internal static class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? current;

    internal static DisposeScope? Current => current;

    internal static DisposeScope Open() => current = new DisposeScope(current);

    /// <summary>Takes a closed scope out of the chain; scopes opened inside it stay, with its outer one as theirs.</summary>
    internal static void Close(DisposeScope scope)
    {
        if (ReferenceEquals(current, scope))
        {
            current = scope.Outer;
            return;
        }
        for (var inner = current; inner is not null; inner = inner.Outer)
            if (ReferenceEquals(inner.Outer, scope))
                inner.Outer = scope.Outer;
    }
}
