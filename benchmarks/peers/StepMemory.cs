namespace Lacuna.Peers;

/// <summary>
/// The most memory that a step needs beyond the network and its inputs, in bytes. CPU: by how much resident memory rises in a process of its own, where a tiny batch has gone through the step before.
/// CUDA: highest allocation of PyTorch's allocator. Null where nothing counts it.
/// </summary>
/// <param name="Ours">This engine; with what it keeps compiled of the network.</param>
/// <param name="Tuned">Tuned PyTorch.</param>
internal sealed record StepMemory(long? Ours, long? Tuned)
{
    /// <summary>Whether ours is more.</summary>
    public bool IsMore => Ours > Tuned;
}
