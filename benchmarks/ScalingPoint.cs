namespace Lacuna.Benchmarks;

/// <summary>Cost at a size.</summary>
/// <param name="Size">Images of a batch, or forget vectors.</param>
/// <param name="Microseconds">Best of all rounds: an image's, or a batch's.</param>
/// <param name="Relative">The same over that of the size to which all are held.</param>
internal sealed record ScalingPoint(int Size, double Microseconds, double Relative);
