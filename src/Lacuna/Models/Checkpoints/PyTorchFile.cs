namespace Lacuna.Models.Checkpoints;

/// <summary>Reads state dicts from files of torch.save, in today's zip form and in the legacy form before PyTorch 1.6, without Python and without
/// executing anything: see <see cref="PickleReader"/>.</summary>
public static class PyTorchFile
{
    /// <summary>Reads a state dict: the file's own, or the one under <c>state_dict</c>, <c>model_state_dict</c>, <c>model</c> or <c>net</c>. Names lose the prefix
    /// <c>module.</c> when all have it; plain values beside the tensors become metadata; an optimiser's state is left out.</summary>
    /// <remarks>Memory stays within twice the file's size plus a constant.</remarks>
    /// <exception cref="CheckpointException">The file is missing, damaged, hostile, or holds something other than a state dict.</exception>
    public static CheckpointFile Read(string path)
    {
        using FileStream file = CheckpointReader.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads from a seekable stream; <paramref name="path"/> stands in messages.</summary>
    /// <exception cref="CheckpointException">As for the other overload.</exception>
    public static CheckpointFile Read(Stream file, string path)
    {
        var head = new byte[TorchLegacy.Magic.Length];
        file.Position = 0;
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head.AsSpan(0, length).StartsWith(TorchLegacy.Magic) ? TorchLegacy.Read(file, path)
            : head.AsSpan(0, length).StartsWith(ZipMagic) ? TorchZip.Read(file, path)
            : throw new CheckpointException(path, 0, "is no file of torch.save, neither zip nor legacy. Save it again with torch.save(model.state_dict(), file).");
    }

    internal static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(ZipMagic) || start.StartsWith(TorchLegacy.Magic);

    private static ReadOnlySpan<byte> ZipMagic => "PK\x03\x04"u8;
}
