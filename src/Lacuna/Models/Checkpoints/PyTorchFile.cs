namespace Lacuna.Models.Checkpoints;

/// <summary>Reads state dicts from files of torch.save, in today's zip form and in the legacy form before PyTorch 1.6, without Python and without
/// executing anything: see <see cref="PickleReader"/>. Writes the zip form.</summary>
public static class PyTorchFile
{
    /// <summary>Reads a state dict: the file's own, or the one under a name that training scripts give it (<c>state_dict</c>, <c>model</c>, <c>net</c>, …), nested or not. Names lose the prefixes
    /// <c>module.</c> and <c>_orig_mod.</c> when all have them; plain values beside the tensors become metadata; an optimiser's state is left out.</summary>
    /// <remarks>Memory stays within twice the file's size plus a constant: 2 MiB for sound files, 17 where views have to be laid out, 128 at most, which a pickle of a million opcodes takes.</remarks>
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

    /// <summary>Writes a file that <c>model.load_state_dict(torch.load(file, weights_only=True))</c> takes: its pickle is the plain state dict. Metadata lies beside it in a record of the
    /// archive that PyTorch does not look at, and is lost when PyTorch saves the weights again. The same input gives the same bytes; the file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or a tensor's bytes do not fit its shape and type.</exception>
    /// <exception cref="IOException">The folder is missing or the disk is full.</exception>
    public static void Write(string path, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        TorchZipWriter.Write(path, tensors, metadata);

    internal static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(ZipMagic) || start.StartsWith(TorchLegacy.Magic);

    private static ReadOnlySpan<byte> ZipMagic => "PK\x03\x04"u8;
}
