namespace Lacuna.Runs.Bench;

/// <summary>For devices that have done the work when the call returns: the CPU.</summary>
/// <param name="clock">Time.</param>
internal sealed class ClockTimer(TimeProvider clock) : IWorkTimer
{
    public double Ms(Action work)
    {
        var start = clock.GetTimestamp();
        work();
        return clock.GetElapsedTime(start).TotalMilliseconds;
    }
}
