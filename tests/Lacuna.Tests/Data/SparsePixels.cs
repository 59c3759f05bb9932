using System.Buffers;
using System.IO.MemoryMappedFiles;
using Lacuna.Data;

namespace Lacuna.Tests.Data;

/// <summary>A store of any size whose bytes are a file's without blocks: zeros that take no room, until they are written.</summary>
internal sealed unsafe class SparsePixels : PixelStore, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    public SparsePixels(string path, long length)
    {
        using (var stream = File.Create(path)) stream.SetLength(length);
        Length = length;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, length);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public override long Length { get; }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(new Span<byte>(_start + offset, bytes.Length));

    public override ReadOnlySpan<byte> Slice(long offset, int length) =>
        offset >= 0 && length >= 0 && offset <= Length - length ? new(_start + offset, length) : throw new ArgumentOutOfRangeException(nameof(offset));

    public override MemoryHandle Pin() => new(_start);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
