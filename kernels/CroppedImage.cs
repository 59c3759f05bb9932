namespace Lacuna.Kernels;

/// <summary>Where the numbers of a cropped and mirrored image lie in the set it comes from. Usable in kernels.</summary>
internal readonly struct CroppedImage(long start, int channels, int height, int width, int storedHeight, int storedWidth, int top, int left, int mirror)
{
    private readonly long start = start;
    private readonly int channels = channels, height = height, width = width, storedHeight = storedHeight, storedWidth = storedWidth, top = top, left = left, mirror = mirror;

    /// <summary>The place of number <paramref name="i"/> of an image in [C,H,W] or [H,W,C].</summary>
    internal PixelPlace Place(int i, int channelsLast)
    {
        if (channelsLast != 0)
        {
            int pixel = i / channels, y = pixel / width;
            return new(i - pixel * channels, y, pixel - y * width);
        }
        int line = i / width, channel = line / height;
        return new(channel, line - channel * height, i - line * width);
    }

    /// <summary>The place of the next number, without the divisions.</summary>
    internal PixelPlace After(PixelPlace place, int channelsLast)
    {
        int c = place.Channel, y = place.Y, x = place.X;
        if (channelsLast != 0)
        {
            c++;
            if (c == channels)
            {
                c = 0;
                x++;
                if (x == width)
                {
                    x = 0;
                    y++;
                }
            }
            return new(c, y, x);
        }
        x++;
        if (x == width)
        {
            x = 0;
            y++;
            if (y == height)
            {
                y = 0;
                c++;
            }
        }
        return new(c, y, x);
    }

    /// <summary>The byte's index in the set, or -1 for a zero of the padding.</summary>
    internal long Index(PixelPlace place)
    {
        int y = place.Y + top, x = (mirror != 0 ? width - 1 - place.X : place.X) + left;
        return y < 0 || y >= storedHeight || x < 0 || x >= storedWidth ? -1 : start + (place.Channel * storedHeight + y) * storedWidth + x;
    }
}

/// <summary>Channel, line and column of a number.</summary>
internal readonly struct PixelPlace(int channel, int y, int x)
{
    internal readonly int Channel = channel, Y = y, X = x;
}
