namespace Lacuna.Kernels;

/// <summary>Goes over tiles in their order: rows of tiles of one image, then the next image.</summary>
internal struct WinogradPlace
{
    private readonly int _down, _across;

    internal WinogradPlace(in WinogradTiles tiles, long tile)
    {
        (_down, _across) = (tiles.Down, tiles.Across);
        (Sample, long rest) = Math.DivRem(tile, (long)_down * _across);
        (Y, X) = Math.DivRem((int)rest, _across);
    }

    /// <summary>The image.</summary>
    internal long Sample { get; private set; }

    /// <summary>Row of tiles.</summary>
    internal int Y { get; private set; }

    /// <summary>Column of tiles.</summary>
    internal int X { get; private set; }

    internal void Next()
    {
        if (++X < _across)
            return;
        X = 0;
        if (++Y < _down)
            return;
        Y = 0;
        Sample++;
    }
}
