namespace Lacuna.Models.Checkpoints;

/// <summary>One stored tensor.</summary>
/// <param name="Name">Its key in the state dict.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Bytes">The elements, contiguous in row-major order, little-endian.</param>
public sealed record CheckpointTensor(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Bytes);
