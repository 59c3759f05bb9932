using System.Collections.Concurrent;

namespace Lacuna.Portable.Simulation;

/// <summary>A thread that runs lanes, kept for later groups and launches. All of them sleep but one of each launch.</summary>
internal sealed class LaneThread
{
    /// <summary>Kernels keep little on the stack, and a group has hundreds of threads.</summary>
    private const int StackBytes = 256 * 1024;

    private static readonly ConcurrentStack<LaneThread> Idle = new();

    private readonly object gate = new();
    private bool awake;
    private Lane? lane;

    private LaneThread() => new Thread(Work, StackBytes) { IsBackground = true, Name = "Kernel lane" }.Start();

    internal static void Start(Lane lane)
    {
        if (!Idle.TryPop(out LaneThread? thread))
            thread = new();
        thread.lane = lane;
        thread.Wake();
    }

    internal void Wake()
    {
        lock (gate)
        {
            awake = true;
            Monitor.Pulse(gate);
        }
    }

    internal void Sleep()
    {
        lock (gate)
        {
            while (!awake)
                Monitor.Wait(gate);
            awake = false;
        }
    }

    private void Work()
    {
        while (true)
        {
            Sleep();
            Lane? next = lane;
            while (next is not null)
            {
                ThreadGroup group = next.Group;
                next.Run(this);
                next = group.Leave(this);
            }
            Idle.Push(this);
        }
    }
}
