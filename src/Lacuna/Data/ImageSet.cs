using System.Buffers.Binary;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>Labelled images: uint8 pixels [N, C, H', W'] in a store, one label each, and the size [C, H, W] at which networks are given them.</summary>
public sealed class ImageSet
{
    // What one call hashes or copies at a time.
    private const int Piece = 1 << 24;

    private readonly Lazy<string> _contentHash;
    private readonly ResidentImages _resident;

    /// <summary>Takes the arrays as they are, without a copy; the caller must not change them afterwards.</summary>
    /// <param name="name">For tables and records.</param>
    /// <param name="pixels">[N, C, H, W], contiguous.</param>
    /// <param name="labels">[N], each in 0, ..., classNames.Count - 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or a label names no class.</exception>
    public ImageSet(string name, byte[] pixels, int[] labels, int channels, int height, int width, IReadOnlyList<string> classNames)
        : this(name, new ArrayPixels(pixels), labels, channels, height, width, classNames, ImageDetails.None)
    {
    }

    /// <summary>Takes pixels from any store.</summary>
    /// <param name="name">For tables and records.</param>
    /// <param name="pixels">[N, C, H, W], contiguous.</param>
    /// <param name="labels">[N], each in 0, ..., classNames.Count - 1.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H as stored.</param>
    /// <param name="width">W as stored.</param>
    /// <param name="classNames">In the order of the labels.</param>
    /// <param name="details">What else is known of the images.</param>
    /// <param name="contentHash">The <see cref="ContentHash"/>, where it was computed before; a store of many gigabytes is not read whole at every start.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or a label names no class.</exception>
    public ImageSet(string name, PixelStore pixels, int[] labels, int channels, int height, int width, IReadOnlyList<string> classNames, ImageDetails details, string? contentHash = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((UInt128)labels.Length * (uint)channels * (uint)height * (uint)width != (ulong)pixels.Length || (long)channels * height * width > int.MaxValue)
        {
            throw new ArgumentException($"{labels.Length} labels of {channels}x{height}x{width} images do not make {pixels.Length} pixels.", nameof(pixels));
        }
        int wrong = Array.FindIndex(labels, label => (uint)label >= (uint)classNames.Count);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Image {wrong} has label {labels[wrong]}, but there are {classNames.Count} classes.", nameof(labels));
        }
        details.Validate(labels.Length);
        (Name, Pixels, Labels, ClassNames, Details) = (name, pixels, labels, classNames, details);
        (Channels, StoredHeight, StoredWidth, Height, Width) = (channels, height, width, height, width);
        _contentHash = contentHash is null ? new Lazy<string>(ComputeHash) : new Lazy<string>(contentHash);
        _resident = new ResidentImages(this);
    }

    private ImageSet(ImageSet source, int height, int width)
    {
        (Name, Pixels, Labels, ClassNames, Details) = (source.Name, source.Pixels, source.Labels, source.ClassNames, source.Details);
        (Channels, StoredHeight, StoredWidth, Height, Width) = (source.Channels, source.StoredHeight, source.StoredWidth, height, width);
        (_contentHash, _resident) = (source._contentHash, source._resident);
    }

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>All pixels as stored, [N, C, StoredHeight, StoredWidth].</summary>
    public PixelStore Pixels { get; }

    /// <summary>One class index an image.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Number of images, N.</summary>
    public int Count => Labels.Length;

    /// <summary>Channels, C.</summary>
    public int Channels { get; }

    /// <summary>Height at which networks are given the images, in pixels, H: the middle of a stored image, unless an augmentation takes another part.</summary>
    public int Height { get; }

    /// <summary>Width at which networks are given the images, in pixels, W.</summary>
    public int Width { get; }

    /// <summary>Height of the stored images, at least H.</summary>
    public int StoredHeight { get; }

    /// <summary>Width of the stored images, at least W.</summary>
    public int StoredWidth { get; }

    /// <summary>Bytes of one stored image.</summary>
    public int ImageLength => Channels * StoredHeight * StoredWidth;

    /// <summary>What is known of the images beside pixels and classes.</summary>
    public ImageDetails Details { get; }

    /// <summary>Number of classes, including those no image has.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The classes' names, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>SHA-256 (lower-case hex) of N, C, H, W, class count, labels (all int32, little-endian) and pixels: equal for equal content,
    /// whatever files it came from. Computed at the first call.</summary>
    public string ContentHash => _contentHash.Value;

    /// <summary>One stored image's pixels, [C, StoredHeight, StoredWidth].</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Slice((long)index * ImageLength, ImageLength);

    /// <summary>The same images, given to networks at another size: the middle of each.</summary>
    /// <exception cref="ArgumentException">The size is larger than the stored images.</exception>
    public ImageSet GivenAt(int height, int width) =>
        height >= 1 && width >= 1 && height <= StoredHeight && width <= StoredWidth
            ? new ImageSet(this, height, width)
            : throw new ArgumentException($"{Name} has images of {StoredHeight}x{StoredWidth}; {height}x{width} cannot be cut out of them.");

    /// <summary>Pixels [N, C, H', W'] uint8 and labels [N] int64 on a device, put there at the first call. They belong to the set, which keeps them as long as it lives.</summary>
    public (Tensor Pixels, Tensor Labels) On(Device device) => _resident.On(device);

    /// <summary>Images per class.</summary>
    public int[] CountsPerClass()
    {
        var counts = new int[ClassCount];
        foreach (int label in Labels.Span)
        {
            counts[label]++;
        }
        return counts;
    }

    /// <summary>A set of the images at the given indices, in that order; repeats are allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the set.</exception>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        var pixels = new byte[checked((long)indices.Length * ImageLength)];
        var labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[i]} is outside {Name}, which has {Count} images.");
            }
            Image(indices[i]).CopyTo(pixels.AsSpan(i * ImageLength));
            labels[i] = Labels.Span[indices[i]];
        }
        return new ImageSet(Name, new ArrayPixels(pixels), labels, Channels, StoredHeight, StoredWidth, ClassNames, Details.Select(indices)).GivenAt(Height, Width);
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new int[5 + Count];
        (header[0], header[1], header[2], header[3], header[4]) = (Count, Channels, StoredHeight, StoredWidth, ClassCount);
        Labels.Span.CopyTo(header.AsSpan(5));
        var bytes = new byte[header.Length * sizeof(int)];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), header[i]);
        }
        hash.AppendData(bytes);
        for (long at = 0; at < Pixels.Length; at += Piece)
        {
            hash.AppendData(Pixels.Slice(at, (int)Math.Min(Piece, Pixels.Length - at)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
