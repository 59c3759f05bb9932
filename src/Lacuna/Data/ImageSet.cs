using System.Buffers.Binary;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>Labelled images in memory: uint8 pixels [N, C, H, W], one label each.</summary>
public sealed class ImageSet
{
    private readonly Lazy<string> _contentHash;
    private readonly ResidentImages _resident;

    /// <summary>Takes the arrays as they are, without a copy; the caller must not change them afterwards.</summary>
    /// <param name="name">For tables and records.</param>
    /// <param name="pixels">[N, C, H, W], contiguous.</param>
    /// <param name="labels">[N], each in 0, ..., classNames.Count - 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or a label names no class.</exception>
    public ImageSet(string name, byte[] pixels, int[] labels, int channels, int height, int width, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((UInt128)labels.Length * (uint)channels * (uint)height * (uint)width != (uint)pixels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels of {channels}x{height}x{width} images do not make {pixels.Length} pixels.", nameof(pixels));
        }
        int wrong = Array.FindIndex(labels, label => (uint)label >= (uint)classNames.Count);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Image {wrong} has label {labels[wrong]}, but there are {classNames.Count} classes.", nameof(labels));
        }
        (Name, Pixels, Labels, ClassNames) = (name, pixels, labels, classNames);
        (Channels, Height, Width) = (channels, height, width);
        _contentHash = new Lazy<string>(ComputeHash);
        _resident = new ResidentImages(pixels, labels, [labels.Length, channels, height, width]);
    }

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>All pixels, [N, C, H, W].</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>One class index an image.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Number of images, N.</summary>
    public int Count => Labels.Length;

    /// <summary>Channels, C.</summary>
    public int Channels { get; }

    /// <summary>Height in pixels, H.</summary>
    public int Height { get; }

    /// <summary>Width in pixels, W.</summary>
    public int Width { get; }

    /// <summary>Bytes of one image: C H W.</summary>
    public int ImageLength => Channels * Height * Width;

    /// <summary>Number of classes, including those no image has.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The classes' names, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>SHA-256 (lower-case hex) of N, C, H, W, class count, labels (all int32, little-endian) and pixels: equal for equal content,
    /// whatever files it came from. Computed at the first call.</summary>
    public string ContentHash => _contentHash.Value;

    /// <summary>One image's pixels, [C, H, W].</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Span.Slice(checked(index * ImageLength), ImageLength);

    /// <summary>Pixels [N, C, H, W] uint8 and labels [N] int64 on a device, put there at the first call. They belong to the set, which keeps them as long as it lives.</summary>
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
        var pixels = new byte[checked(indices.Length * ImageLength)];
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
        return new ImageSet(Name, pixels, labels, Channels, Height, Width, ClassNames);
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new int[5 + Count];
        (header[0], header[1], header[2], header[3], header[4]) = (Count, Channels, Height, Width, ClassCount);
        Labels.Span.CopyTo(header.AsSpan(5));
        var bytes = new byte[header.Length * sizeof(int)];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), header[i]);
        }
        hash.AppendData(bytes);
        hash.AppendData(Pixels.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
