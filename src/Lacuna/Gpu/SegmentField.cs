using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>One field of many tensors' segments.</summary>
/// <param name="Name">For errors.</param>
/// <param name="Tensors">One a segment, contiguous float32; null where the segment is left out this time. Null for all: the operation does not use the field.</param>
/// <param name="Written">Whether the operation writes to it.</param>
internal readonly record struct SegmentField(string Name, IReadOnlyList<Tensor?>? Tensors, bool Written);
