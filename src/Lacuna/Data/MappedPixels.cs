using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Lacuna.Data;

/// <summary>Pixels in a part of a file that is mapped into memory: the system reads what is used and drops what is not, so that a set may be larger than
/// the machine's memory.</summary>
/// <remarks>Unless <see cref="Dispose"/> is called the mapping stays until the process ends, even when nothing refers to the store: a span into it does
/// not keep it alive, and what it costs is address space alone. The file may be renamed or deleted meanwhile (not on Windows), but must not be shortened.</remarks>
public sealed unsafe class MappedPixels : PixelStore, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _first;

    /// <summary>Maps a part of a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Its first byte; any, not only a page's first.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <exception cref="DataFileException">The file cannot be mapped, or ends before that.</exception>
    public MappedPixels(string path, long offset, long length)
        : this(Open(path), path, offset, length, leaveOpen: false)
    {
    }

    internal MappedPixels(SafeFileHandle file, string path, long offset, long length, bool leaveOpen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        try
        {
            var end = RandomAccess.GetLength(file);
            if (end - offset < length) throw new DataFileException(path, $"ends at offset {end}, before the {length} bytes at {offset}. It is truncated: make it again.");
            _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen);
            _view = _file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            if (!leaveOpen) file.Dispose();
            if (e is DataFileException) throw;
            throw new DataFileException(path, $"cannot be mapped into memory ({e.Message}).", e);
        }
        Length = length;
        // Also holds the view's handle, so that no finaliser unmaps it.
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
        _first += _view.PointerOffset;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_first is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new(_first + offset, length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin()
    {
        ObjectDisposedException.ThrowIf(_first is null, this);
        return new(_first);
    }

    /// <summary>Unmaps the file. No span of it may be in use any more.</summary>
    public void Dispose()
    {
        if (_first is null) return;
        _first = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"cannot be opened ({e.Message}).", e);
        }
    }
}
