using Lacuna.Profiling;

namespace Lacuna.Tests.Profiling;

public sealed class SpanRecorderTests
{
    [Fact]
    public void SpansAddUpAsATree()
    {
        var root = Recorded.TenSeconds();
        Assert.Equal((10.0, 1.0), (root.Seconds, root.OwnSeconds));
        var method = Assert.Single(root.Children);
        Assert.Equal((9.0, 0.0), (method.Seconds, method.OwnSeconds));
        var tangent = method.Children[1];
        Assert.Equal((PassNames.Tangent, 2L, 16L, 8.0, 4.0), (tangent.Name, tangent.Calls, tangent.Images, tangent.Seconds, tangent.OwnSeconds));
        // A part of a pass has its images.
        Assert.Equal([("Gate", 0L), (PassNames.WeightProduct, 16L)], tangent.Children.Select(child => (child.Name, child.Images)));
        Assert.Equal(root.Seconds, Own(root), 9);
    }

    [Fact]
    public void EveryBorderWaitsForTheDevice()
    {
        var waits = 0;
        var recorder = new SpanRecorder("run", new FakeClock(), () => waits++);
        using (recorder.Span(SpanKind.Kernel, "one")) Assert.Equal(2, waits);
        Assert.Equal(3, waits);
        recorder.Finish();
        Assert.Equal(4, waits);
    }

    [Fact]
    public void WithoutAProfilerASpanIsNothing()
    {
        IProfiler? nobody = null;
        using var first = nobody.Span(SpanKind.Pass, PassNames.Forward, 1);
        Assert.Equal(default, first);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            using var span = nobody.Span(SpanKind.Pass, PassNames.Forward, 1);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void SpansOfOtherThreadsAreLeftOut()
    {
        var recorder = new SpanRecorder("run", new FakeClock());
        var other = new Thread(() =>
        {
            using var span = recorder.Span(SpanKind.Data, "beside");
        });
        other.Start();
        other.Join();
        Assert.Empty(recorder.Finish().Children);
    }

    [Fact]
    public void AnExceptionClosesItsSpans()
    {
        var recorder = new SpanRecorder("run", new FakeClock());
        Assert.Throws<InvalidDataException>((Action)(() =>
        {
            using var outer = recorder.Span(SpanKind.Phase, "outer");
            using var inner = recorder.Span(SpanKind.Phase, "inner");
            throw new InvalidDataException();
        }));
        Assert.Equal("outer", Assert.Single(recorder.Finish().Children).Name);
    }

    [Fact]
    public void SpansThatDoNotNestAreAMistake()
    {
        var recorder = new SpanRecorder("run", new FakeClock());
        Assert.Throws<InvalidOperationException>(recorder.End);
        recorder.Begin(SpanKind.Phase, "open", 0);
        Assert.Contains("'open'", Assert.Throws<InvalidOperationException>(recorder.Finish).Message);
    }

    private static double Own(SpanNode node) => node.OwnSeconds + node.Children.Sum(Own);
}
