using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class DisposeScopeTests
{
    [Fact]
    public void AScopeDisposesOfWhatWasMadeInIt()
    {
        var before = zeros(1);
        Tensor inside, detached;
        using (var scope = NewDisposeScope())
        {
            inside = before + 1;
            detached = (before + 2).DetachFromDisposeScope();
            Assert.Same(scope, CurrentDisposeScope);
            Assert.True(scope.Contains(inside));
            Assert.False(scope.Contains(detached));
            Assert.False(scope.Contains(before));
        }
        Assert.True(inside.IsInvalid);
        Assert.False(detached.IsInvalid);
        Assert.False(before.IsInvalid);
        detached.Dispose();
        before.Dispose();
    }

    [Fact]
    public void TensorsMoveBetweenScopes()
    {
        using var outer = NewDisposeScope();
        Tensor moved, other, attached = zeros(1).DetachFromDisposeScope();
        using (var inner = NewDisposeScope())
        {
            moved = zeros(1).MoveToOuterDisposeScope();
            other = inner.MoveToOuter(zeros(2));
            inner.Attach(attached);
            Assert.True(outer.Contains(moved));
            Assert.True(outer.Contains(other));
            Assert.Equal(1, inner.DisposablesCount);
            Assert.Equal(2, outer.DisposablesCount);
        }
        Assert.False(moved.IsInvalid);
        Assert.False(other.IsInvalid);
        Assert.True(attached.IsInvalid);
    }

    [Fact]
    public void WithoutAnOuterScopeMovingOutDetaches()
    {
        Tensor free;
        using (NewDisposeScope())
            free = zeros(1).MoveToOuterDisposeScope();
        Assert.False(free.IsInvalid);
        Assert.Same(free, free.MoveToOuterDisposeScope());
        free.Dispose();
    }

    [Fact]
    public void EverythingButWhatIsKept()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(1), zeros(1));
        scope.DisposeEverythingBut(a, c);
        Assert.False(a.IsInvalid);
        Assert.True(b.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
        c.Dispose();
        Assert.Equal(1, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.True(a.IsInvalid);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void ScopesMayCloseInAnyOrder()
    {
        var outer = NewDisposeScope();
        var middle = NewDisposeScope();
        var inner = NewDisposeScope();
        middle.Dispose();
        Assert.Same(inner, CurrentDisposeScope);
        var tensor = zeros(1).MoveToOuterDisposeScope();
        Assert.True(outer.Contains(tensor));
        inner.Dispose();
        Assert.Same(outer, CurrentDisposeScope);
        outer.Dispose();
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void AClosedScopeTakesNothingIn()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        using var tensor = zeros(1);
        Assert.Throws<ObjectDisposedException>(() => scope.Attach(tensor));
    }

    [Fact]
    public void ScopesBelongToTheirThread()
    {
        using var scope = NewDisposeScope();
        DisposeScope? seen = scope;
        var thread = new Thread(() => seen = CurrentDisposeScope);
        thread.Start();
        thread.Join();
        Assert.Null(seen);
    }

    [Fact]
    public void DisposingTwiceIsHarmless()
    {
        var tensor = zeros(1);
        tensor.Dispose();
        tensor.Dispose();
        Assert.True(tensor.IsInvalid);
    }
}
