namespace Lacuna.Portable.Simulation;

/// <summary>Where threads of one warp or of one group meet: who is there, and how often they have met.</summary>
internal sealed class Meeting(Scope scope, ArraySegment<Lane> members)
{
    private int arrived;

    internal Scope Scope => scope;
    internal ArraySegment<Lane> Members => members;
    /// <summary>Completed meetings of any kind: which of a lane's two offers belongs to the last one.</summary>
    internal int Completed { get; private set; }
    /// <summary>Completed meetings that also order memory.</summary>
    internal int Barriers { get; private set; }

    /// <summary>True when the lane is the last one missing.</summary>
    internal bool Arrive() => ++arrived == members.Count;

    internal void Complete(bool ordersMemory)
    {
        arrived = 0;
        Completed++;
        if (ordersMemory)
            Barriers++;
    }

    internal void Reset() => (arrived, Completed, Barriers) = (0, 0, 0);
}
