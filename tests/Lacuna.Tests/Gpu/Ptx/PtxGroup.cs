namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>
/// A group of threads: they run one after another up to a barrier or shuffle, where they meet. What would go wrong on a device is an error here:
/// accesses outside the views or off their alignment, barriers and shuffles that not all threads reach, branches marked uniform that divide a warp.
/// </summary>
internal sealed unsafe class PtxGroup
{
    private const int Warp = 32;

    private readonly PtxProgram _program;
    private readonly byte[] _shared;
    private readonly IReadOnlyList<(long Start, long Bytes)> _memory;

    /// <param name="program">What runs.</param>
    /// <param name="parameters">As the launch packed them.</param>
    /// <param name="memory">What the arguments let it touch.</param>
    /// <param name="group">Of the grid, x and y.</param>
    /// <param name="grid">Groups along x and y.</param>
    /// <param name="threads">In a group.</param>
    public PtxGroup(PtxProgram program, byte[] parameters, IReadOnlyList<(long Start, long Bytes)> memory, (int X, int Y) group, (int X, int Y) grid, int threads)
    {
        (_program, Parameters, _memory) = (program, parameters, memory);
        _shared = new byte[program.SharedBytes];
        // Not a number, and no index: what is read before it is written shows.
        Array.Fill(_shared, (byte)0xff);
        Lanes = [.. Enumerable.Range(0, threads).Select(thread => new PtxLane(this, thread, program.RegistersOf(thread, threads, group, grid)))];
    }

    public byte[] Parameters { get; }

    public PtxLane[] Lanes { get; }

    /// <summary>Runs all threads to their end.</summary>
    public void Run()
    {
        while (true)
        {
            foreach (var lane in Lanes)
            {
                while (lane.Wait == PtxWait.Nothing) _program.Step(lane);
            }
            if (Lanes.All(lane => lane.Wait == PtxWait.End)) break;
            if (!Shuffle() && !Pass()) throw new InvalidOperationException($"{_program.Entry}: threads wait for each other at {string.Join(", ", Lanes.Select(lane => $"{lane.Wait} {lane.At}").Distinct())}.");
        }
        CheckUniformBranches();
    }

    private bool Shuffle()
    {
        var any = false;
        foreach (var warp in Lanes.Chunk(Warp))
        {
            if (warp.All(lane => lane.Wait != PtxWait.Shuffle)) continue;
            if (warp.Any(lane => lane.Wait == PtxWait.Barrier)) throw new InvalidOperationException($"{_program.Entry}: some lanes of a warp shuffle while others wait at a barrier.");
            if (warp.Length != Warp || warp.Any(lane => lane.Wait != PtxWait.Shuffle || lane.At != warp[0].At))
                throw new InvalidOperationException($"{_program.Entry}: a shuffle that not all lanes of a warp reach, instruction {warp.First(lane => lane.Wait == PtxWait.Shuffle).At}.");
            _program.Shuffle(warp);
            foreach (var lane in warp) Resume(lane);
            any = true;
        }
        return any;
    }

    private bool Pass()
    {
        if (Lanes.Any(lane => lane.Wait != PtxWait.Barrier || lane.At != Lanes[0].At)) return false;
        foreach (var lane in Lanes) Resume(lane);
        return true;
    }

    private static void Resume(PtxLane lane)
    {
        lane.At++;
        lane.Wait = PtxWait.Nothing;
    }

    private void CheckUniformBranches()
    {
        foreach (var warp in Lanes.Chunk(Warp))
        {
            foreach (var at in warp.SelectMany(lane => lane.UniformBranches.Keys).Distinct())
            {
                var ways = warp.Select(lane => lane.UniformBranches.GetValueOrDefault(at) ?? []).ToArray();
                for (var time = 0; time < ways.Max(way => way.Count); time++)
                {
                    if (ways.Where(way => way.Count > time).Select(way => way[time]).Distinct().Count() > 1)
                        throw new InvalidOperationException($"{_program.Entry}: the branch '{_program.Source(at)}' is marked uniform but divides a warp.");
                }
            }
        }
    }

    /// <summary>Where an access of so many bytes goes, after the device's checks.</summary>
    public byte* Global(ulong address, int bytes, int at)
    {
        var first = (long)address;
        if (first % bytes != 0) throw new InvalidOperationException($"{_program.Entry}: '{_program.Source(at)}' at address {first:x}, no multiple of {bytes}.");
        foreach (var (start, length) in _memory)
        {
            if (first >= start && first + bytes <= start + length) return (byte*)first;
        }
        throw new InvalidOperationException($"{_program.Entry}: '{_program.Source(at)}' is outside every view.");
    }

    /// <inheritdoc cref="Global"/>
    public Span<byte> Shared(ulong address, int bytes, int at)
    {
        if (address % (ulong)bytes != 0) throw new InvalidOperationException($"{_program.Entry}: '{_program.Source(at)}' at shared address {address}, no multiple of {bytes}.");
        if (address + (ulong)bytes > (ulong)_shared.Length) throw new InvalidOperationException($"{_program.Entry}: '{_program.Source(at)}' is outside shared memory.");
        return _shared.AsSpan((int)address, bytes);
    }
}
