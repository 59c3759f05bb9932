namespace Lacuna.Portable.Simulation;

/// <summary>The last write of one byte, and its last reads by two different threads (enough to find a second reader beside the writer).</summary>
internal struct MemoryTrace
{
    internal MemoryAccess LastWrite;
    private MemoryAccess lastRead;
    private MemoryAccess earlierRead;

    internal readonly bool IsWritten => LastWrite.Happened;

    internal void NoteRead(MemoryAccess access)
    {
        if (lastRead.Thread != access.Thread)
            earlierRead = lastRead;
        lastRead = access;
    }

    internal readonly MemoryAccess? ConflictingRead(Lane lane, bool atomic) =>
        lastRead.ConflictsWith(lane, atomic) ? lastRead : earlierRead.ConflictsWith(lane, atomic) ? earlierRead : null;
}
