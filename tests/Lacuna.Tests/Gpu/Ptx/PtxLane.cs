namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>One thread of a group: its registers, and where it is in the program.</summary>
internal sealed class PtxLane(PtxGroup group, int index, ulong[] registers)
{
    /// <summary>Of the group.</summary>
    public PtxGroup Group { get; } = group;

    /// <summary>In the group.</summary>
    public int Index { get; } = index;

    /// <summary>Every register, constant and special register; narrower values fill the low bits and the rest is zero.</summary>
    public ulong[] Registers { get; } = registers;

    /// <summary>The next instruction, or the one it waits at.</summary>
    public int At { get; set; }

    /// <summary>What it waits for.</summary>
    public PtxWait Wait { get; set; }

    /// <summary>How often it took each branch that must not divide a warp, and where to.</summary>
    public Dictionary<int, List<bool>> UniformBranches { get; } = [];
}

/// <summary>Why a thread does not go on.</summary>
internal enum PtxWait
{
    Nothing,
    Barrier,
    Shuffle,
    End,
}
