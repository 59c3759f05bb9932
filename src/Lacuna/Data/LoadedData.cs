using Lacuna.Data.Images.Packing;

namespace Lacuna.Data;

/// <summary>A data set that was opened.</summary>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">The images held out.</param>
/// <param name="Source">What it was, for records.</param>
/// <param name="Pack">The pack of a folder of images; null for the other kinds.</param>
public sealed record LoadedData(ImageSet Train, ImageSet Test, DataSource Source, PackedSet? Pack = null);
