using System.Text;

namespace Lacuna.Data;

/// <summary>Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed into it.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file through <paramref name="write"/>; when that fails, what stood at the path still stands.</summary>
    /// <exception cref="IOException">The folder is missing or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes UTF-8 text without a byte order mark.</summary>
    public static void WriteAllText(string path, string text) => Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
}
