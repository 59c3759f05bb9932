namespace Lacuna.Models.Checkpoints;

/// <summary>Holds stored truth values to 0 and 1: any other byte in a C++ bool is undefined behaviour in the tensor library.</summary>
internal static class BoolBytes
{
    public static void Check(ElementType type, ReadOnlySpan<byte> bytes, string path, string key)
    {
        if (type == ElementType.BOOL && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int at)
        {
            throw new CheckpointException(path, $"'{key}' has the truth value {bytes[at]} at element {at}; only 0 and 1 are. The file is damaged: save it again.");
        }
    }
}
