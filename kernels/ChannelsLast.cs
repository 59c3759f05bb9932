using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lacuna.Kernels;

/// <summary>
/// An image as the convolution's CPU path reads it: the channels of a pixel side by side, so that a vector of them meets one output gradient. Each
/// group has its own part; channels are filled up to whole tiles with zeros. Either
/// <list type="bullet">
/// <item>the padded image itself, [groups, H + 2p, W + 2p, channels], in which every kernel element (tap) is another starting point, or</item>
/// <item>where so few channels would leave most of a tile empty (a first layer, depthwise ones), the patches, [groups, H' W', patch], with one tap.</item>
/// </list>
/// </summary>
internal readonly unsafe struct ChannelsLast
{
    private readonly ConvolutionShape shape;
    private readonly bool patches;

    private readonly bool isPacked; // images come channels-last themselves
    private readonly long channelStep, columnSize; // of the images

    /// <param name="shape">The convolution.</param>
    /// <param name="channelsLast">Whether images come as [H, W, C], otherwise as [C, H, W].</param>
    internal ChannelsLast(ConvolutionShape shape, bool channelsLast)
    {
        this.shape = shape;
        isPacked = channelsLast;
        (channelStep, columnSize) = channelsLast ? (1L, (long)shape.Channels) : ((long)shape.Height * shape.Width, 1L);
        long whole = Padded(shape.GroupChannels) * shape.Taps, together = Padded(shape.Patch);
        patches = shape.Taps > 1 && 2 * together <= whole;
        Lanes = patches ? shape.Patch : shape.GroupChannels;
        Pitch = Padded(Lanes);
        Taps = patches ? 1 : shape.Taps;
        Rows = patches ? 1 : shape.OutputHeight;
        Columns = patches ? shape.Positions : shape.OutputWidth;
        ColumnStep = patches ? Pitch : Pitch * shape.StrideX;
        RowStep = patches ? 0 : Pitch * PaddedWidth * shape.StrideY;
        GroupSize = Pitch * (patches ? shape.Positions : (long)(shape.Height + 2 * shape.PaddingY) * PaddedWidth);
    }

    /// <summary>Lanes that are processed together: two vectors.</summary>
    internal static int Tile => 2 * Vector<float>.Count;

    /// <summary>Numbers at a place, without the filling; number k of tap t belongs to weight k * Taps + t of a filter.</summary>
    internal int Lanes { get; }

    /// <summary>Numbers at a place, with the filling.</summary>
    internal long Pitch { get; }

    internal int Taps { get; }

    /// <summary>Rows of places to go through, and columns in each.</summary>
    internal int Rows { get; }

    internal int Columns { get; }

    internal long RowStep { get; }

    internal long ColumnStep { get; }

    internal long GroupSize { get; }

    /// <summary>Numbers an image takes.</summary>
    internal long Size => GroupSize * shape.Groups;

    private int PaddedWidth => shape.Width + 2 * shape.PaddingX;

    /// <summary>Where tap t begins, from the start of its group.</summary>
    internal long TapOffset(int tap) => patches
        ? 0
        : Pitch * ((long)(tap / shape.KernelWidth) * shape.DilationY * PaddedWidth + (long)(tap % shape.KernelWidth) * shape.DilationX);

    /// <summary>Fills one image's part for one group. What it leaves out (the padding) must be zero already.</summary>
    internal void Pack(float* image, float* packed, int group)
    {
        image += group * shape.GroupChannels * channelStep;
        packed += group * GroupSize;
        if (patches)
            PackPatches(image, packed);
        else
            for (int y = 0; y < shape.Height; y++)
            {
                float* row = image + y * shape.Width * columnSize, places = packed + Pitch * ((long)(y + shape.PaddingY) * PaddedWidth + shape.PaddingX);
                if (isPacked)
                    for (int x = 0; x < shape.Width; x++)
                        new Span<float>(row + x * columnSize, Lanes).CopyTo(new(places + x * Pitch, Lanes));
                else
                    Transpose(row, channelStep, places);
            }
    }

    // One row of all channels.
    private void Transpose(float* row, long plane, float* packed)
    {
        int c = 0;
        for (; c <= Lanes - 4; c += 4)
        {
            float* first = row + c * plane, second = first + plane, third = second + plane, fourth = third + plane;
            for (int x = 0; x < shape.Width; x++)
                Vector128.Create(first[x], second[x], third[x], fourth[x]).Store(packed + x * Pitch + c);
        }
        for (; c < Lanes; c++)
            for (int x = 0; x < shape.Width; x++)
                packed[x * Pitch + c] = row[c * plane + x];
    }

    private void PackPatches(float* image, float* packed)
    {
        int k = 0;
        for (int c = 0; c < shape.GroupChannels; c++)
            for (int i = 0; i < shape.KernelHeight; i++)
                for (int j = 0; j < shape.KernelWidth; j++, k++)
                {
                    long left = (long)j * shape.DilationX - shape.PaddingX; // column under the first place
                    int from = left >= 0 ? 0 : (int)Math.Min(shape.OutputWidth, (-left + shape.StrideX - 1) / shape.StrideX);
                    int to = left >= shape.Width ? 0 : (int)Math.Min(shape.OutputWidth, (shape.Width - 1 - left) / shape.StrideX + 1);
                    for (int oy = 0; oy < shape.OutputHeight; oy++)
                    {
                        long y = (long)oy * shape.StrideY - shape.PaddingY + (long)i * shape.DilationY;
                        if (y < 0 || y >= shape.Height)
                            continue;
                        float* row = image + c * channelStep + (y * shape.Width + left) * columnSize;
                        float* places = packed + (long)oy * shape.OutputWidth * Pitch + k;
                        for (int ox = from; ox < to; ox++)
                            places[ox * Pitch] = row[(long)ox * shape.StrideX * columnSize];
                    }
                }
    }

    private static long Padded(long lanes) => (lanes + Tile - 1) / Tile * Tile;
}
