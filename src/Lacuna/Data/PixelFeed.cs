namespace Lacuna.Data;

/// <summary>The way of a set's pixels into batches.</summary>
internal enum PixelFeed
{
    /// <summary>Batches are made straight from the store's memory.</summary>
    Direct,

    /// <summary>The whole set lies on the device.</summary>
    Resident,

    /// <summary>A batch's stored images are put together in memory and moved to the device.</summary>
    Gathered,
}
