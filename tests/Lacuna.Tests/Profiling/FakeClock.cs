namespace Lacuna.Tests.Profiling;

/// <summary>A clock that goes on when it is told to.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long _ticks = 7;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
}
