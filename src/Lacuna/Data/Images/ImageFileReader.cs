namespace Lacuna.Data.Images;

/// <summary>Reads files into one buffer, again and again. For one thread at a time.</summary>
internal sealed unsafe class ImageFileReader : IDisposable
{
    // No image within the limits is larger, whatever its form.
    private const long MostBytes = 1 << 30;

    private readonly NativeBuffer _buffer = new();

    /// <summary>A file's content, or its beginning; valid until the next call.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes to read at most.</param>
    /// <exception cref="BadImageException">It cannot be read.</exception>
    public ReadOnlySpan<byte> Read(string path, long most = long.MaxValue)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > MostBytes) throw new BadImageException($"it has {length} bytes; at most {MostBytes} are read");
            var wanted = (int)Math.Min(length, most);
            var content = new Span<byte>(_buffer.Reserve(Math.Max(wanted, 1)), wanted);
            var read = 0;
            // A file that is being shortened ends early; the decoder then finds it truncated.
            while (read < wanted && RandomAccess.Read(file, content[read..], read) is > 0 and var more) read += more;
            return content[..read];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadImageException($"it cannot be read ({e.Message})");
        }
    }

    public void Dispose() => _buffer.Dispose();
}
