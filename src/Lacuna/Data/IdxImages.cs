namespace Lacuna.Data;

/// <summary>The content of an IDX image file: pixels [Count, Height, Width], one byte each.</summary>
public sealed record IdxImages(byte[] Pixels, int Count, int Height, int Width);
