namespace Lacuna.Models.Checkpoints;

/// <summary>One tensor in a safetensors header.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal readonly record struct SafetensorsEntry(string Name, ElementType Type, long[] Shape, long Begin, long End)
{
    public long Length => End - Begin;
}
