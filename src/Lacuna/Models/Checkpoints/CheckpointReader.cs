namespace Lacuna.Models.Checkpoints;

/// <summary>Reads a checkpoint of any known format, told by its content.</summary>
public static class CheckpointReader
{
    private const int SniffLength = 16;

    /// <summary>Reads a safetensors file, or a PyTorch file in zip or legacy form.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, hostile, or of no known format.</exception>
    public static CheckpointFile Read(string path)
    {
        using FileStream file = Open(path);
        return Read(file, path);
    }

    /// <summary>Reads from a seekable stream; <paramref name="path"/> stands in messages.</summary>
    /// <exception cref="CheckpointException">As for the other overload.</exception>
    public static CheckpointFile Read(Stream file, string path)
    {
        var head = new byte[SniffLength];
        file.Position = 0;
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> start = head.AsSpan(0, length);
        if (PyTorchFile.Recognises(start))
        {
            return PyTorchFile.Read(file, path);
        }
        if (SafetensorsFile.Recognises(start))
        {
            return SafetensorsFile.Read(file, path);
        }
        throw new CheckpointException(path, 0, $"is neither safetensors nor a PyTorch file: it begins with {Describe(start)}. {Advice(start)}");
    }

    internal static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be opened ({e.Message}). Give the path of a checkpoint file.", e);
        }
    }

    private static string Describe(ReadOnlySpan<byte> start) => start.IsEmpty ? "nothing" : Convert.ToHexStringLower(start);

    private static string Advice(ReadOnlySpan<byte> start) =>
        start.IsEmpty ? "It is empty: download or save it again."
        : start.StartsWith("version https://"u8) ? "It is a Git LFS pointer: fetch the file itself with 'git lfs pull'."
        : start.TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? "It is a web page: the download went wrong."
        : "Save it again with torch.save(model.state_dict(), file) or safetensors.";
}
