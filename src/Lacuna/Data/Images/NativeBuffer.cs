using System.Runtime.InteropServices;

namespace Lacuna.Data.Images;

/// <summary>Memory outside the collector's, kept from image to image. Its content is lost when it grows.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    // What one huge image needed is not held on to.
    private const long MostKept = 64 << 20;

    private long _length;

    public byte* Pointer { get; private set; }

    /// <summary>At least so many bytes, of any content.</summary>
    public byte* Reserve(long length)
    {
        if (length > _length || (_length > MostKept && length <= MostKept))
        {
            Dispose();
            Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
            _length = length;
        }
        return Pointer;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        _length = 0;
    }
}
