using Lacuna.Profiling;

namespace Lacuna.Tests.Profiling;

/// <summary>A run of ten seconds as the recorder saw it: a batch of 8 images (1 s, half of it a kernel) and a tangent of them twice (4 s each: 1 s gate, 1 s weight product).</summary>
internal static class Recorded
{
    public static SpanNode TenSeconds()
    {
        var clock = new FakeClock();
        var recorder = new SpanRecorder("run", clock);
        using (recorder.Span(SpanKind.Phase, "method"))
        {
            using (recorder.Span(SpanKind.Data, "batch", 8))
            {
                clock.Advance(0.5);
                using (recorder.Span(SpanKind.Kernel, "Assemble")) clock.Advance(0.5);
            }
            for (var i = 0; i < 2; i++)
            {
                using (recorder.Span(SpanKind.Pass, PassNames.Tangent, 8))
                {
                    clock.Advance(2);
                    using (recorder.Span(SpanKind.Kernel, "Gate")) clock.Advance(1);
                    using (recorder.Span(SpanKind.Pass, PassNames.WeightProduct)) clock.Advance(1);
                }
            }
        }
        clock.Advance(1);
        return recorder.Finish();
    }
}
